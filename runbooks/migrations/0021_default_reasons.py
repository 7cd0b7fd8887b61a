from django.db import migrations, models


class Migration(migrations.Migration):
    """A process of the release before, which does not know the column, may go on adding rows."""

    dependencies = [("runbooks", "0020_import_page")]

    operations = [
        migrations.AlterField(
            "gap",
            "dismissed_because",
            models.CharField(blank=True, db_default="", default="", editable=False, max_length=300),
        ),
    ]
