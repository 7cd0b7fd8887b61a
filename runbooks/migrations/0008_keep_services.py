from django.db import migrations
from django.db.models import OuterRef, Subquery


def keep(apps, schema_editor):
    """Each run notes the name that its service has today."""
    slugs = apps.get_model("architecture", "Service").objects.filter(pk=OuterRef("service"))
    runs = apps.get_model("runbooks", "Run").objects.filter(service__isnull=False)
    runs.update(service_slug=Subquery(slugs.values("slug")[:1]))


class Migration(migrations.Migration):
    dependencies = [
        ("runbooks", "0007_service_as_it_was"),
        ("architecture", "0005_dependencies_named"),
    ]

    operations = [migrations.RunPython(keep, migrations.RunPython.noop)]
