from django.db import migrations, models

import onboarding.blurring


class Migration(migrations.Migration):
    dependencies = [("onboarding", "0002_roles")]

    operations = [
        migrations.AddField(
            model_name="screenshot",
            name="blurred",
            field=models.JSONField(
                blank=True,
                default=list,
                editable=False,
                validators=[onboarding.blurring.validate_blurs],
            ),
        ),
        migrations.AlterField(
            model_name="video",
            name="poster",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=models.deletion.SET_NULL,
                related_name="poster_of",
                to="onboarding.screenshot",
            ),
        ),
    ]
