from django.db import migrations
from django.db.models import F, Q


def fill(apps, schema_editor):
    """What was completed is through, and finished unless its confirmation is left."""
    progress = apps.get_model("onboarding", "Progress").objects.filter(completed_at__isnull=False)
    progress.update(through_at=F("completed_at"))
    asks = Q(version__content__asks_acknowledgement=True)
    progress.filter(acknowledged_at__isnull=False).update(finished_at=F("acknowledged_at"))
    # in two steps: rows of a join are not updated directly
    left = progress.filter(acknowledged_at=None).exclude(asks).values("pk")
    progress.filter(pk__in=left).update(finished_at=F("completed_at"))


def read(apps, schema_editor):
    """Nobody is reminded of answers of the past."""
    reports = apps.get_model("onboarding", "StuckReport").objects.filter(state="answered")
    reports.update(read_at=F("answered_at"))


class Migration(migrations.Migration):
    dependencies = [("onboarding", "0003_past_progress")]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.RunPython(read, migrations.RunPython.noop),
    ]
