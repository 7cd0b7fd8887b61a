from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0006_default_setup")]

    operations = [
        migrations.AddField(
            "user",
            "calendar_mark",
            models.CharField(blank=True, db_default="", default="", editable=False, max_length=22),
        ),
    ]
