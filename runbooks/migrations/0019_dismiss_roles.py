from django.db import migrations

from portal.accounts.roles import granting

GRANTS = {"author": ("runbooks.dismiss_gap",)}


class Migration(migrations.Migration):
    dependencies = [("runbooks", "0018_dismissed_gaps"), ("accounts", "0002_roles")]

    operations = [migrations.RunPython(granting(GRANTS), migrations.RunPython.noop)]
