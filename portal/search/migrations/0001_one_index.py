from django.db import migrations, models

SQLITE = (
    """
CREATE VIRTUAL TABLE search_text USING fts5(
  kind, title, names, body, content = 'search_entry', content_rowid = 'id',
  tokenize = "unicode61 remove_diacritics 2", prefix = '2 3')
""",
    """
CREATE TRIGGER search_entry_added AFTER INSERT ON search_entry BEGIN
  INSERT INTO search_text(rowid, kind, title, names, body)
  VALUES (new.id, new.kind, new.title, new.names, new.body);
END
""",
    """
CREATE TRIGGER search_entry_removed AFTER DELETE ON search_entry BEGIN
  INSERT INTO search_text(search_text, rowid, kind, title, names, body)
  VALUES ('delete', old.id, old.kind, old.title, old.names, old.body);
END
""",
    """
CREATE TRIGGER search_entry_changed AFTER UPDATE ON search_entry
WHEN (old.kind, old.title, old.names, old.body) IS NOT (new.kind, new.title, new.names, new.body)
BEGIN
  INSERT INTO search_text(search_text, rowid, kind, title, names, body)
  VALUES ('delete', old.id, old.kind, old.title, old.names, old.body);
  INSERT INTO search_text(rowid, kind, title, names, body)
  VALUES (new.id, new.kind, new.title, new.names, new.body);
END
""",
)
DROP_SQLITE = "DROP TABLE search_text"  # the triggers go with the table of the entries
POSTGRESQL = (
    """
ALTER TABLE search_entry ADD COLUMN vector tsvector GENERATED ALWAYS AS (
  setweight(to_tsvector('simple', title), 'A') ||
  setweight(to_tsvector('simple', names), 'B') ||
  setweight(to_tsvector('simple', left(body, 200000)), 'D')) STORED
""",
    "CREATE INDEX search_entry_vector ON search_entry USING gin (vector)",
)
DROP_POSTGRESQL = "ALTER TABLE search_entry DROP COLUMN vector"


def make(apps, schema_editor):
    postgresql = schema_editor.connection.vendor == "postgresql"
    for statement in POSTGRESQL if postgresql else SQLITE:
        schema_editor.execute(statement)


def drop(apps, schema_editor):
    postgresql = schema_editor.connection.vendor == "postgresql"
    schema_editor.execute(DROP_POSTGRESQL if postgresql else DROP_SQLITE)


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Entry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=20)),
                ("key", models.BigIntegerField()),
                ("permission", models.CharField(max_length=100)),
                ("is_current", models.BooleanField(default=True)),
                ("slug", models.CharField(max_length=200)),
                ("title", models.TextField()),
                ("squeezed", models.TextField()),
                ("about", models.CharField(blank=True, max_length=100)),
                ("line", models.TextField(blank=True)),
                ("facts", models.JSONField(blank=True, default=dict)),
                ("names", models.TextField(blank=True)),
                ("body", models.TextField(blank=True)),
            ],
            options={
                "verbose_name_plural": "entries",
                "constraints": [
                    models.UniqueConstraint(fields=("kind", "key"), name="search_entry_once")
                ],
                "indexes": [
                    models.Index(
                        fields=["squeezed", "kind", "permission", "is_current"],
                        name="search_by_title",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Waiting",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=20)),
                ("key", models.BigIntegerField()),
            ],
            options={"verbose_name_plural": "waiting"},
        ),
        migrations.CreateModel(
            name="Word",
            fields=[("word", models.CharField(max_length=40, primary_key=True, serialize=False))],
            options={"ordering": ["word"]},
        ),
        migrations.RunPython(make, drop),
    ]
