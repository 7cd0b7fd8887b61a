from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_words_of_people"),
    ]

    operations = [
        migrations.AddField(
            model_name="user",
            name="hides_setup",
            field=models.BooleanField(default=False, editable=False),
        ),
    ]
