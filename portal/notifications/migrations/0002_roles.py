from django.db import migrations

from portal.accounts.roles import granting

GRANTS = {
    "operator": ("notifications.view_delivery", "notifications.send_delivery"),
}


class Migration(migrations.Migration):
    dependencies = [
        ("notifications", "0001_initial"),
        ("accounts", "0002_roles"),
    ]

    operations = [
        migrations.RunPython(granting(GRANTS), migrations.RunPython.noop),
    ]
