from importlib import import_module

from django.db import migrations, models

first = import_module("portal.search.migrations.0001_one_index")
second = import_module("portal.search.migrations.0002_named_on_postgresql")

DROP_SQLITE = (
    "DROP TRIGGER IF EXISTS search_entry_added",
    "DROP TRIGGER IF EXISTS search_entry_removed",
    "DROP TRIGGER IF EXISTS search_entry_changed",
    "DROP TABLE search_text",
)
DROP_POSTGRESQL = (
    "ALTER TABLE search_entry DROP COLUMN vector",
    "ALTER TABLE search_entry DROP COLUMN named",
)
REBUILD = "INSERT INTO search_text(search_text) VALUES ('rebuild')"


def drop(apps, schema_editor):
    """The index goes while the entries change; 0005 makes it anew."""
    postgresql = schema_editor.connection.vendor == "postgresql"
    for statement in DROP_POSTGRESQL if postgresql else DROP_SQLITE:
        schema_editor.execute(statement)


def make_old(apps, schema_editor):
    first.make(apps, schema_editor)
    second.on_postgresql(second.MAKE)(apps, schema_editor)
    if schema_editor.connection.vendor != "postgresql":
        schema_editor.execute(REBUILD)


class Migration(migrations.Migration):
    dependencies = [("search", "0002_named_on_postgresql")]

    operations = [
        migrations.RunPython(drop, make_old),
        migrations.AddField("entry", "title_pieces", models.TextField(blank=True, default="")),
        migrations.AddField("entry", "pieces", models.TextField(blank=True, default="")),
    ]
