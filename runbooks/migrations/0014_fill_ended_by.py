"""Who ended a run stands in its log: the entry of the moment at which it ended."""

from django.db import migrations
from django.db.models import OuterRef, Subquery

ENDS = ("succeeded", "failed", "aborted", "rolled_back")


def fill(apps, schema_editor):
    entries = apps.get_model("runbooks", "Entry").objects.filter(
        run=OuterRef("pk"), at=OuterRef("ended_at"), kind__in=ENDS, step=None
    )
    ended = apps.get_model("runbooks", "Run").objects.filter(ended_at__isnull=False)
    ended.update(ended_by=Subquery(entries.order_by("pk").values("by")[:1]))


class Migration(migrations.Migration):
    dependencies = [("runbooks", "0013_run_ended_by")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
