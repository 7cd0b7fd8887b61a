from django.db import migrations

from portal.accounts.roles import granting

GRANTS = {
    "reader": ("incidents.view_rotation",),
    "responder": ("incidents.add_override", "incidents.add_swap"),
    "approver": ("incidents.add_rotation", "incidents.change_rotation"),
}


class Migration(migrations.Migration):
    dependencies = [("incidents", "0001_on_call"), ("accounts", "0002_roles")]

    operations = [migrations.RunPython(granting(GRANTS), migrations.RunPython.noop)]
