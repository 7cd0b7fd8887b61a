from django.db import migrations, models


class Migration(migrations.Migration):
    """A process of the release before, which does not know the column, may go on adding rows."""

    dependencies = [("onboarding", "0013_topic_positions")]

    operations = [
        migrations.AlterField(
            "question",
            "topic_position",
            models.PositiveSmallIntegerField(db_default=0, default=0, editable=False),
        ),
    ]
