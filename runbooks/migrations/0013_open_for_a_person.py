from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_replays"),
        ("architecture", "0006_fill_search"),
        ("runbooks", "0012_runs_taken_back"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name="runbook",
            index=models.Index(
                condition=models.Q(("archived_at", None)),
                fields=["owner", "review_due", "id"],
                name="runbook_overdue",
            ),
        ),
        migrations.AddIndex(
            model_name="runbook",
            index=models.Index(
                condition=models.Q(
                    ("archived_at", None), models.Q(("review_asked", ""), _negated=True)
                ),
                fields=["owner", "review_due", "id"],
                name="runbook_asked",
            ),
        ),
        migrations.AddIndex(
            model_name="version",
            index=models.Index(
                condition=models.Q(("state", "in_review")),
                fields=["submitted_at", "id"],
                name="version_waiting",
            ),
        ),
        migrations.AddIndex(
            model_name="version",
            index=models.Index(
                condition=models.Q(("author__isnull", False)),
                fields=["author", "state"],
                name="version_of_author",
            ),
        ),
    ]
