from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("runbooks", "0008_keep_services")]

    operations = [
        migrations.AddIndex(
            model_name="run",
            index=models.Index(fields=["service_slug", "-started_at"], name="run_of_service_name"),
        ),
    ]
