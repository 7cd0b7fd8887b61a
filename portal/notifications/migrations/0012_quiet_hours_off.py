from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("notifications", "0011_contact_method_roles")]

    operations = [
        migrations.AddField(
            model_name="quiethours",
            name="is_on",
            field=models.BooleanField(db_default=True, default=True),
        ),
    ]
