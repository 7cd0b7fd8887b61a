"""The index of runbooks alone goes. Taken back, it has again what the one index has of them."""

import importlib

from django.db import migrations

before = importlib.import_module("runbooks.migrations.0003_search")
ENTRIES = """
INSERT INTO runbooks_search (rowid, published, title, names, body)
SELECT key, CASE permission WHEN 'runbooks.view_runbook' THEN 'y' ELSE 'n' END, title, names, body
FROM search_entry WHERE kind = 'runbook' AND is_current
"""
WORDS = "INSERT INTO runbooks_searchword (word) SELECT word FROM search_word"


def drop(apps, schema_editor):
    before.drop(apps, schema_editor)


def make(apps, schema_editor):
    before.make(apps, schema_editor)
    schema_editor.execute(ENTRIES)
    schema_editor.execute(WORDS)


class Migration(migrations.Migration):
    dependencies = [("runbooks", "0010_fill_search")]

    operations = [
        migrations.RunPython(drop, make),
        migrations.DeleteModel(name="SearchEntry"),
        migrations.DeleteModel(name="SearchWord"),
    ]
