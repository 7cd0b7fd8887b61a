from django.db import migrations

# Of very many, those that are named so: `vector` is long, and would be read for each of them.
MAKE = (
    """
ALTER TABLE search_entry ADD COLUMN named tsvector GENERATED ALWAYS AS (
  to_tsvector('simple', title) || to_tsvector('simple', names)) STORED
""",
    "CREATE INDEX search_entry_named ON search_entry USING gin (named)",
)
DROP = ("ALTER TABLE search_entry DROP COLUMN named",)


def on_postgresql(statements):
    def run(apps, schema_editor):
        if schema_editor.connection.vendor == "postgresql":
            for statement in statements:
                schema_editor.execute(statement)

    return run


class Migration(migrations.Migration):
    dependencies = [("search", "0001_one_index")]

    operations = [migrations.RunPython(on_postgresql(MAKE), on_postgresql(DROP))]
