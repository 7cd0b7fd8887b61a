"""An index by which the first page finds what has to be approved."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [
        ("incidents", "0005_open_incidents"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="communication",
            index=models.Index(
                fields=["submitted_at"],
                condition=Q(state="waiting"),
                name="communication_waiting",
            ),
        ),
    ]
