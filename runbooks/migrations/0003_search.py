from django.db import migrations

SQLITE = """
CREATE VIRTUAL TABLE runbooks_search USING fts5(
  published UNINDEXED, title, names, body,
  tokenize = "unicode61 remove_diacritics 2", prefix = '2 3')
"""
POSTGRESQL = """
CREATE TABLE runbooks_search (
  rowid bigint PRIMARY KEY,
  published text NOT NULL,
  title text NOT NULL,
  names text NOT NULL,
  body text NOT NULL,
  vector tsvector GENERATED ALWAYS AS (
    setweight(to_tsvector('simple', title), 'A') ||
    setweight(to_tsvector('simple', names), 'B') ||
    setweight(to_tsvector('simple', left(body, 200000)), 'D')) STORED);
CREATE INDEX runbooks_search_vector ON runbooks_search USING gin (vector);
"""


def make(apps, schema_editor):
    postgresql = schema_editor.connection.vendor == "postgresql"
    schema_editor.execute(POSTGRESQL if postgresql else SQLITE)


def drop(apps, schema_editor):
    schema_editor.execute("DROP TABLE runbooks_search")


class Migration(migrations.Migration):
    dependencies = [("runbooks", "0002_roles")]

    operations = [migrations.RunPython(make, drop)]
