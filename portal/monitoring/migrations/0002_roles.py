from django.db import migrations

from portal.accounts.roles import granting

GRANTS = {
    "reader": ("monitoring.view_alert",),
    "responder": (
        "monitoring.acknowledge_alert",
        "monitoring.judge_alert",
        "monitoring.resolve_alert",
    ),
    "operator": (
        "monitoring.view_intake",
        "monitoring.add_intake",
        "monitoring.change_intake",
        "monitoring.view_received",
    ),
}


class Migration(migrations.Migration):
    dependencies = [
        ("monitoring", "0001_alerts"),
        ("accounts", "0002_roles"),
    ]

    operations = [
        migrations.RunPython(granting(GRANTS), migrations.RunPython.noop),
    ]
