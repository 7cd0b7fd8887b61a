from django.db import migrations

from portal.accounts.roles import granting

NOUNS = ("dependency", "zone", "integration", "configurationitem")
GRANTS = {
    "reader": tuple(f"architecture.view_{noun}" for noun in NOUNS),
    "operator": tuple(
        f"architecture.{verb}_{noun}" for noun in NOUNS for verb in ("add", "change", "delete")
    ),
}


class Migration(migrations.Migration):
    dependencies = [("architecture", "0003_catalog"), ("accounts", "0002_roles")]

    operations = [migrations.RunPython(granting(GRANTS), migrations.RunPython.noop)]
