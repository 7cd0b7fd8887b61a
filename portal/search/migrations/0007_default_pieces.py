from importlib import import_module

from django.db import migrations, models

index = import_module("portal.search.migrations.0005_index_pieces")
MAKE, DROP = index.SQLITE[1:4], index.DROP_SQLITE[:3]  # the triggers
EMPTY = models.TextField(blank=True, db_default="", default="")


def on_sqlite(statements):
    """SQLite makes the table anew to change a column, and its triggers go with the old one."""
    return index.run(statements, ())


class Migration(migrations.Migration):
    """A process of the release before, which does not know the columns, may go on adding rows."""

    dependencies = [("search", "0006_favourites")]

    operations = [
        migrations.RunPython(on_sqlite(DROP), on_sqlite(MAKE)),
        migrations.AlterField("entry", "title_pieces", EMPTY),
        migrations.AlterField("entry", "pieces", EMPTY),
        migrations.RunPython(on_sqlite(MAKE), on_sqlite(DROP)),
    ]
