"""What the index has now stood in a column, made of the content of each version."""

import importlib

from django.db import migrations

before = importlib.import_module("onboarding.migrations.0006_search_published")


class Migration(migrations.Migration):
    dependencies = [("onboarding", "0007_fill_search")]

    operations = [
        migrations.RunPython(migrations.RunPython.noop, before.fill),
        migrations.RemoveField(model_name="guideversion", name="words"),
    ]
