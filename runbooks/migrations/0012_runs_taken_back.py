from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("runbooks", "0011_old_index_goes")]

    operations = [
        migrations.AddIndex(
            model_name="run",
            index=models.Index(
                condition=models.Q(("rollback_of__isnull", False)),
                fields=["rollback_of"],
                name="run_takes_back",
            ),
        ),
    ]
