from django.db import migrations

from portal.accounts.roles import granting

GRANTS = {
    "reader": ("runbooks.view_run",),
    "responder": ("runbooks.add_run", "runbooks.change_run"),
}


class Migration(migrations.Migration):
    dependencies = [("runbooks", "0005_runs"), ("accounts", "0002_roles")]

    operations = [migrations.RunPython(granting(GRANTS), migrations.RunPython.noop)]
