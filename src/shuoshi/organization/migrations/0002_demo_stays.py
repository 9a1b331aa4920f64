"""A demo institution never turns real, nor a real one into a demo: the database refuses, whoever asks."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

_SQLITE = """
CREATE TRIGGER institution_demo_stays BEFORE UPDATE OF demo ON organization_institution
WHEN OLD.demo <> NEW.demo
BEGIN SELECT RAISE(ABORT, 'whether an institution is a demo never changes'); END
"""

_POSTGRES = """
CREATE FUNCTION institution_demo_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'whether an institution is a demo never changes' USING ERRCODE = 'check_violation'; END $$;
CREATE TRIGGER institution_demo_stays BEFORE UPDATE OF demo ON organization_institution
FOR EACH ROW WHEN (OLD.demo IS DISTINCT FROM NEW.demo) EXECUTE FUNCTION institution_demo_stays();
"""


def forwards(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    schema_editor.execute(_POSTGRES if schema_editor.connection.vendor == "postgresql" else _SQLITE)


def backwards(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP TRIGGER institution_demo_stays ON organization_institution")
        schema_editor.execute("DROP FUNCTION institution_demo_stays()")
    else:
        schema_editor.execute("DROP TRIGGER institution_demo_stays")


class Migration(migrations.Migration):
    dependencies = [("organization", "0001_initial")]

    operations = [migrations.RunPython(forwards, backwards)]
