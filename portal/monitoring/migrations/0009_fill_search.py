"""The one search learns of heartbeats, maintenance and intakes: the engine puts what waits.

Names of alerts and channels it finds by itself.
"""

from django.db import migrations

KINDS = {"heartbeat": "Heartbeat", "maintenance": "Maintenance", "intake": "Intake"}
AT_ONCE = 1000


def note(apps, schema_editor):
    Waiting = apps.get_model("search", "Waiting")
    for kind, model in KINDS.items():
        keys = apps.get_model("monitoring", model).objects.order_by("pk")
        rows = (Waiting(kind=kind, key=key) for key in keys.values_list("pk", flat=True))
        Waiting.objects.bulk_create(rows, batch_size=AT_ONCE)


def forget(apps, schema_editor):
    for table in ("Entry", "Waiting"):
        rows = apps.get_model("search", table).objects
        rows.filter(kind__in=[*KINDS, "alert", "channel"]).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("monitoring", "0008_editing_and_alert_names"),
        ("search", "0007_default_pieces"),
    ]

    operations = [migrations.RunPython(note, forget)]
