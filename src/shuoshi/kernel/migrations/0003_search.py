"""The search index: an FTS5 table on SQLite, a tsvector column under GIN on PostgreSQL.

May run while serving: the table of entries is new. A later migration that makes SQLite rebuild kernel_searchentry
must put the trigger back.
"""

from django.db import migrations

SQLITE = (
    # The tokenizer "ascii" splits at ASCII signs only, so that tokens of rare characters stay whole.
    "CREATE VIRTUAL TABLE kernel_search_fts USING fts5(tokens, tokenize = 'ascii', detail = none, columnsize = 0)",
    # Whoever deletes an entry, its tokens leave the index too.
    """
    CREATE TRIGGER kernel_searchentry_gone AFTER DELETE ON kernel_searchentry
    BEGIN DELETE FROM kernel_search_fts WHERE rowid = OLD.id; END
    """,
)
SQLITE_BACK = ("DROP TRIGGER kernel_searchentry_gone", "DROP TABLE kernel_search_fts")

POSTGRESQL = (
    "ALTER TABLE kernel_searchentry ADD COLUMN tokens tsvector",
    "CREATE INDEX kernel_searchentry_tokens ON kernel_searchentry USING gin (tokens) WITH (fastupdate = off)",
)
POSTGRESQL_BACK = (
    "DROP INDEX kernel_searchentry_tokens",
    "ALTER TABLE kernel_searchentry DROP COLUMN tokens",
)


def build(apps, schema_editor):
    for statement in POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE:
        schema_editor.execute(statement, params=None)


def take_down(apps, schema_editor):
    for statement in POSTGRESQL_BACK if schema_editor.connection.vendor == "postgresql" else SQLITE_BACK:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("kernel", "0002_append_only")]
    operations = [migrations.RunPython(build, take_down)]
