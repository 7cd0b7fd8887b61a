from django.db import migrations

from portal.accounts.roles import granting

GRANTS = {
    "reader": ("monitoring.view_silence", "monitoring.view_maintenance"),
    "responder": (
        "monitoring.add_silence",
        "monitoring.change_silence",
        "monitoring.add_maintenance",
        "monitoring.change_maintenance",
    ),
}


class Migration(migrations.Migration):
    dependencies = [
        ("monitoring", "0005_muting"),
        ("accounts", "0002_roles"),
    ]

    operations = [
        migrations.RunPython(granting(GRANTS), migrations.RunPython.noop),
    ]
