from django.db import migrations

from portal.accounts.roles import granting

GRANTS = {
    "reader": ("monitoring.view_heartbeat",),
    "responder": ("monitoring.pause_heartbeat",),
    "author": (
        "monitoring.add_heartbeat",
        "monitoring.change_heartbeat",
        "monitoring.delete_heartbeat",
        "monitoring.view_pingkey",
    ),
    "operator": ("monitoring.add_pingkey", "monitoring.delete_pingkey"),
}


class Migration(migrations.Migration):
    dependencies = [("monitoring", "0003_heartbeats"), ("accounts", "0002_roles")]

    operations = [migrations.RunPython(granting(GRANTS), migrations.RunPython.noop)]
