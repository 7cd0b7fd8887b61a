from django.db import migrations

from portal.accounts.roles import granting

VERBS = ("view", "add", "change", "delete")
GRANTS = {"operator": tuple(f"notifications.{verb}_channel" for verb in VERBS)}


class Migration(migrations.Migration):
    dependencies = [
        ("notifications", "0006_channels"),
        ("accounts", "0002_roles"),
    ]

    operations = [
        migrations.RunPython(granting(GRANTS), migrations.RunPython.noop),
    ]
