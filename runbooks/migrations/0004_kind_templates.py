from pathlib import Path

from django.db import migrations

TEXTS = Path(__file__).parent / "kind_templates"


def load(apps, schema_editor):
    """A template for each kind; one that somebody wrote already stays."""
    Template = apps.get_model("runbooks", "Template")
    for file in sorted(TEXTS.glob("*.md")):
        text = file.read_text(encoding="utf-8")
        Template.objects.get_or_create(kind=file.stem, defaults={"text": text})


class Migration(migrations.Migration):
    dependencies = [("runbooks", "0003_search")]

    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
