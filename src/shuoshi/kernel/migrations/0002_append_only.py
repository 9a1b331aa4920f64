"""Events can be inserted and read, nothing else: triggers refuse UPDATE, DELETE, TRUNCATE and REPLACE.

May run while serving. A later migration that makes SQLite rebuild kernel_event must put these triggers back.
"""

from django.db import migrations

SQLITE = (
    # REPLACE deletes the row in its way, and passes the delete trigger where recursive_triggers is off.
    """
    CREATE TRIGGER kernel_event_no_replace BEFORE INSERT ON kernel_event
    WHEN EXISTS (SELECT 1 FROM kernel_event WHERE id = NEW.id)
      OR EXISTS (SELECT 1 FROM kernel_event WHERE rowid = NEW.rowid)
      OR EXISTS (SELECT 1 FROM kernel_event WHERE hash = NEW.hash)
      OR EXISTS (SELECT 1 FROM kernel_event
                 WHERE stream_kind = NEW.stream_kind AND stream_id = NEW.stream_id AND sequence = NEW.sequence)
    BEGIN SELECT RAISE(ABORT, 'kernel_event: this event exists'); END
    """,
    """
    CREATE TRIGGER kernel_event_no_update BEFORE UPDATE ON kernel_event
    BEGIN SELECT RAISE(ABORT, 'kernel_event is append-only'); END
    """,
    """
    CREATE TRIGGER kernel_event_no_delete BEFORE DELETE ON kernel_event
    BEGIN SELECT RAISE(ABORT, 'kernel_event is append-only'); END
    """,
)
SQLITE_BACK = (
    "DROP TRIGGER kernel_event_no_replace",
    "DROP TRIGGER kernel_event_no_update",
    "DROP TRIGGER kernel_event_no_delete",
)

POSTGRESQL = (
    """
    CREATE FUNCTION kernel_event_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'kernel_event is append-only' USING ERRCODE = 'integrity_constraint_violation';
    END $$
    """,
    """
    CREATE TRIGGER kernel_event_no_change BEFORE UPDATE OR DELETE ON kernel_event
    FOR EACH ROW EXECUTE FUNCTION kernel_event_refuse()
    """,
    """
    CREATE TRIGGER kernel_event_no_truncate BEFORE TRUNCATE ON kernel_event
    FOR EACH STATEMENT EXECUTE FUNCTION kernel_event_refuse()
    """,
    # ALWAYS: session_replication_role = replica would go past an ordinary trigger.
    "ALTER TABLE kernel_event ENABLE ALWAYS TRIGGER kernel_event_no_change",
    "ALTER TABLE kernel_event ENABLE ALWAYS TRIGGER kernel_event_no_truncate",
)
POSTGRESQL_BACK = (
    "DROP TRIGGER kernel_event_no_change ON kernel_event",
    "DROP TRIGGER kernel_event_no_truncate ON kernel_event",
    "DROP FUNCTION kernel_event_refuse()",
)


def protect(apps, schema_editor):
    for statement in POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE:
        schema_editor.execute(statement, params=None)


def unprotect(apps, schema_editor):
    for statement in POSTGRESQL_BACK if schema_editor.connection.vendor == "postgresql" else SQLITE_BACK:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("kernel", "0001_initial")]
    operations = [migrations.RunPython(protect, unprotect)]
