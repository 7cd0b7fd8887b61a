from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("runbooks", "0006_run_roles")]

    operations = [
        migrations.AddField(
            model_name="run",
            name="service_slug",
            field=models.SlugField(blank=True, db_index=False, max_length=60),
        ),
    ]
