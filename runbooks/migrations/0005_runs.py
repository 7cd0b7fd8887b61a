import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "__first__"),
        ("architecture", "0004_catalog_roles"),
        ("runbooks", "0004_kind_templates"),
    ]

    operations = [
        migrations.CreateModel(
            name="Entry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("started", "started"),
                            ("done", "finished"),
                            ("confirmed", "confirmed"),
                            ("failed", "failed"),
                            ("skipped", "skipped"),
                            ("retried", "opened again"),
                            ("note", "noted"),
                            ("handed_over", "handed over"),
                            ("succeeded", "ended it as succeeded"),
                            ("aborted", "stopped it"),
                            ("rolled_back", "ended it as rolled back"),
                        ],
                        max_length=12,
                    ),
                ),
                ("by_name", models.CharField(blank=True, max_length=150)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("text", models.TextField(blank=True)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "entries",
                "ordering": ["run", "-at", "-pk"],
            },
        ),
        migrations.AddField(
            model_name="image",
            name="entry",
            field=models.ForeignKey(
                blank=True,
                help_text="The line of a run's log that it is the evidence of.",
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="images",
                to="runbooks.entry",
            ),
        ),
        migrations.CreateModel(
            name="Run",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=20)),
                ("environment", models.CharField(blank=True, max_length=60)),
                ("release", models.CharField(blank=True, max_length=100)),
                ("link", models.URLField(blank=True, max_length=500)),
                ("parameters", models.JSONField(default=dict)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("running", "Running"),
                            ("succeeded", "Succeeded"),
                            ("failed", "Failed"),
                            ("aborted", "Aborted"),
                            ("rolled_back", "Rolled back"),
                        ],
                        default="running",
                        max_length=12,
                    ),
                ),
                ("starter_name", models.CharField(blank=True, max_length=150)),
                ("started_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("ended_at", models.DateTimeField(null=True)),
                ("duration", models.DurationField(null=True)),
                ("ended_by_name", models.CharField(blank=True, max_length=150)),
                ("outcome", models.TextField(blank=True)),
                ("revision", models.PositiveIntegerField(default=0)),
                (
                    "holder",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="runs_held",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "rollback_of",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rollbacks",
                        to="runbooks.run",
                    ),
                ),
                (
                    "runbook",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="runs",
                        to="runbooks.runbook",
                    ),
                ),
                (
                    "service",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="runs",
                        to="architecture.service",
                    ),
                ),
                (
                    "started_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="runs_started",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="runs",
                        to="runbooks.version",
                    ),
                ),
            ],
            options={
                "ordering": ["-started_at", "-pk"],
                "indexes": [
                    models.Index(fields=["-started_at", "-id"], name="run_by_start"),
                    models.Index(fields=["kind", "-started_at"], name="run_by_kind"),
                    models.Index(fields=["runbook", "-started_at"], name="run_of_runbook"),
                    models.Index(fields=["service", "-started_at"], name="run_of_service"),
                    models.Index(
                        condition=models.Q(("state", "running")), fields=["holder"], name="run_held"
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at", None), ("state", "running")),
                            models.Q(
                                models.Q(("state", "running"), _negated=True),
                                ("ended_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="run_ended_or_running",
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="entry",
            name="run",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="entries",
                to="runbooks.run",
            ),
        ),
        migrations.CreateModel(
            name="RunStep",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("title", models.CharField(max_length=200)),
                ("asks_check", models.BooleanField(default=False)),
                ("asks_second", models.BooleanField(default=False)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "To do"),
                            ("waiting", "Waiting for a second person"),
                            ("done", "Done"),
                            ("failed", "Failed"),
                            ("skipped", "Skipped"),
                        ],
                        default="open",
                        max_length=8,
                    ),
                ),
                ("by_name", models.CharField(blank=True, max_length=150)),
                ("opened_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("note", models.TextField(blank=True)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "confirmed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="steps",
                        to="runbooks.run",
                    ),
                ),
            ],
            options={
                "ordering": ["run", "number"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "waiting")),
                        fields=["state"],
                        name="run_step_waiting",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("run", "number"), name="run_step_once")
                ],
            },
        ),
        migrations.AddField(
            model_name="entry",
            name="step",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="entries",
                to="runbooks.runstep",
            ),
        ),
        migrations.CreateModel(
            name="TypedNote",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("text", models.TextField()),
                ("saved_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "step",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="typed",
                        to="runbooks.runstep",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="typed_notes",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("step", "user"), name="typed_note_once")
                ],
            },
        ),
    ]
