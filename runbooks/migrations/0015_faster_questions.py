from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_replays"),
        ("architecture", "0006_fill_search"),
        ("runbooks", "0014_fill_ended_by"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="run",
            name="run_by_kind",
        ),
        migrations.RemoveIndex(
            model_name="run",
            name="run_of_runbook",
        ),
        migrations.RemoveIndex(
            model_name="run",
            name="run_of_service",
        ),
        migrations.RemoveIndex(
            model_name="run",
            name="run_of_service_name",
        ),
        migrations.RemoveIndex(
            model_name="runbook",
            name="runbook_by_title",
        ),
        migrations.AddIndex(
            model_name="run",
            index=models.Index(fields=["kind", "-started_at", "-id"], name="run_by_kind"),
        ),
        migrations.AddIndex(
            model_name="run",
            index=models.Index(
                fields=["runbook", "-started_at", "-id", "state"], name="run_of_runbook"
            ),
        ),
        migrations.AddIndex(
            model_name="run",
            index=models.Index(fields=["service", "-started_at", "-id"], name="run_of_service"),
        ),
        migrations.AddIndex(
            model_name="run",
            index=models.Index(
                fields=["service_slug", "-started_at", "-id"], name="run_of_service_name"
            ),
        ),
        migrations.AddIndex(
            model_name="runbook",
            index=models.Index(
                fields=["title", "id", "published", "archived_at"], name="runbook_by_title"
            ),
        ),
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
