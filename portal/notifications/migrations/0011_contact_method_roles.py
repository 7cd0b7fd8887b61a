from django.db import migrations

from portal.accounts.roles import granting

GRANTS = {"operator": ("notifications.view_contactmethod",)}


class Migration(migrations.Migration):
    dependencies = [
        ("notifications", "0010_known_targets"),
        ("accounts", "0002_roles"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="contactmethod",
            options={
                "default_permissions": ("view",),
                "ordering": ["person", "position", "pk"],
            },
        ),
        migrations.RunPython(granting(GRANTS), migrations.RunPython.noop),
    ]
