from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("architecture", "0004_catalog_roles")]

    operations = [
        migrations.AlterModelOptions(
            name="dependency",
            options={
                "base_manager_name": "named",
                "ordering": ["source", "pk"],
                "verbose_name_plural": "dependencies",
            },
        ),
        migrations.AlterModelManagers(
            name="dependency",
            managers=[("objects", models.Manager()), ("named", models.Manager())],
        ),
    ]
