from django.db import migrations

from portal.accounts.roles import granting

GRANTS = {
    "reader": ("architecture.view_service",),
    "operator": (
        "architecture.add_service",
        "architecture.change_service",
        "architecture.delete_service",
    ),
}


class Migration(migrations.Migration):
    dependencies = [("architecture", "0001_initial"), ("accounts", "0002_roles")]

    operations = [migrations.RunPython(granting(GRANTS), migrations.RunPython.noop)]
