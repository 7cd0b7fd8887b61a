from django.db import migrations, models


class Migration(migrations.Migration):
    """A process of the release before, which does not know the column, may go on adding rows."""

    dependencies = [("accounts", "0005_hides_setup")]

    operations = [
        migrations.AlterField(
            "user",
            "hides_setup",
            models.BooleanField(db_default=False, default=False, editable=False),
        ),
    ]
