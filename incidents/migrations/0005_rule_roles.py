from django.db import migrations

from portal.accounts.roles import granting

GRANTS = {
    "reader": ("incidents.view_incidentrule",),
    "operator": ("incidents.add_incidentrule", "incidents.change_incidentrule"),
}


class Migration(migrations.Migration):
    dependencies = [
        ("incidents", "0004_opening"),
        ("accounts", "0002_roles"),
    ]

    operations = [
        migrations.RunPython(granting(GRANTS), migrations.RunPython.noop),
    ]
