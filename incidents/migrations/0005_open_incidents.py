"""Indexes by which SQLite finds what is open, and both databases what changed or is restricted."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [
        ("incidents", "0004_communication_templates"),
    ]

    operations = [
        migrations.RemoveIndex(model_name="incident", name="incident_open"),
        migrations.AddIndex(
            model_name="incident",
            index=models.Index(
                fields=["level", "-declared_at", "-number"],
                condition=Q(resolved_at=None),
                name="incident_open",
            ),
        ),
        migrations.AddIndex(
            model_name="incident",
            index=models.Index(
                fields=["-declared_at", "-number"],
                condition=Q(resolved_at=None),
                name="incident_open_newest",
            ),
        ),
        migrations.AddIndex(
            model_name="incident",
            index=models.Index(
                fields=["-declared_at"],
                condition=Q(is_restricted=True),
                name="incident_restricted",
            ),
        ),
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(fields=["at", "incident"], name="entry_newest"),
        ),
    ]
