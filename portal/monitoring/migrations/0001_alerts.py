import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import portal.monitoring.models.intakes


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0006_default_setup"),
        ("accounts", "__first__"),
        ("architecture", "0008_watchers"),
        ("runbooks", "0021_default_reasons"),
    ]

    operations = [
        migrations.CreateModel(
            name="Intake",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "name",
                    models.CharField(
                        help_text="For example “Prometheus eu1”.", max_length=80, unique=True
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("alertmanager", "Alertmanager"),
                            ("grafana", "Grafana"),
                            ("pagerduty", "PagerDuty events"),
                            ("generic", "Generic JSON"),
                        ],
                        max_length=20,
                    ),
                ),
                ("digest", models.CharField(editable=False, max_length=64, unique=True)),
                (
                    "hint",
                    models.CharField(editable=False, help_text="How the key begins.", max_length=8),
                ),
                (
                    "is_signed",
                    models.BooleanField(
                        default=False,
                        help_text="Grafana only: refuse what is not signed with the secret.",
                    ),
                ),
                (
                    "service_labels",
                    models.JSONField(
                        blank=True,
                        default=portal.monitoring.models.intakes.default_labels,
                        help_text="Labels that name the service, in the order in which they are tried.",
                        validators=[portal.monitoring.models.intakes.validate_labels],
                    ),
                ),
                (
                    "watchdog",
                    models.CharField(
                        blank=True,
                        default="Watchdog",
                        help_text="The name of the alert that always fires; it is taken as a sign of life.",
                        max_length=200,
                    ),
                ),
                (
                    "mapping",
                    models.JSONField(
                        blank=True,
                        default=dict,
                        help_text="Generic only: where each member of an alert stands.",
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("received_at", models.DateTimeField(editable=False, null=True)),
                ("watchdog_at", models.DateTimeField(editable=False, null=True)),
                ("revoked_at", models.DateTimeField(blank=True, editable=False, null=True)),
                (
                    "created_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "default_service",
                    models.ForeignKey(
                        blank=True,
                        help_text="The service of an alert whose labels name none.",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="architecture.service",
                    ),
                ),
                (
                    "default_team",
                    models.ForeignKey(
                        blank=True,
                        help_text="Who is told of an alert without a service.",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="accounts.team",
                    ),
                ),
            ],
            options={
                "ordering": ["name"],
                "default_permissions": ("add", "change", "view"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ["alertmanager", "grafana", "pagerduty", "generic"])
                        ),
                        name="intake_known_kind",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Alert",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "source",
                    models.CharField(help_text="Whose fingerprints these are.", max_length=60),
                ),
                ("fingerprint", models.CharField(max_length=255)),
                ("name", models.CharField(max_length=200)),
                (
                    "state",
                    models.CharField(
                        choices=[("firing", "Firing"), ("resolved", "Resolved")], max_length=10
                    ),
                ),
                (
                    "severity",
                    models.CharField(blank=True, help_text="As the tool says it.", max_length=60),
                ),
                ("labels", models.JSONField(default=dict)),
                ("annotations", models.JSONField(default=dict)),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField(blank=True, null=True)),
                ("first_received_at", models.DateTimeField()),
                (
                    "received_at",
                    models.DateTimeField(help_text="When something about it came last."),
                ),
                (
                    "deliveries",
                    models.PositiveIntegerField(default=1, help_text="How often it came."),
                ),
                ("spans", models.JSONField(default=list, editable=False)),
                ("newest_at", models.DateTimeField(editable=False)),
                ("generator_url", models.CharField(blank=True, max_length=2000)),
                (
                    "service_by",
                    models.CharField(
                        blank=True, help_text="What named the service.", max_length=200
                    ),
                ),
                (
                    "runbook_by",
                    models.CharField(
                        blank=True, help_text="What named the runbook.", max_length=200
                    ),
                ),
                (
                    "runbook_url",
                    models.CharField(blank=True, help_text="Outside of here.", max_length=2000),
                ),
                ("told", models.JSONField(default=list, editable=False)),
                ("acknowledged_at", models.DateTimeField(blank=True, null=True)),
                ("resolved_note", models.CharField(blank=True, max_length=1000)),
                (
                    "acknowledged_by",
                    models.ForeignKey(
                        blank=True,
                        help_text="Nobody: it was acknowledged in the tool.",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "resolved_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "runbook",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="incoming_alerts",
                        to="runbooks.runbook",
                    ),
                ),
                (
                    "service",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="incoming_alerts",
                        to="architecture.service",
                    ),
                ),
                (
                    "intake",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="alerts",
                        to="monitoring.intake",
                    ),
                ),
            ],
            options={
                "ordering": ["-starts_at", "-pk"],
                "permissions": [
                    ("acknowledge_alert", "Can acknowledge an alert"),
                    ("judge_alert", "Can rate an alert as useful or noise"),
                    ("resolve_alert", "Can resolve an alert by hand"),
                ],
                "default_permissions": ("view",),
                "indexes": [
                    models.Index(
                        fields=["source", "fingerprint", "newest_at"], name="alert_of_source"
                    ),
                    models.Index(fields=["-starts_at", "-id"], name="alert_newest"),
                    models.Index(fields=["name", "-starts_at", "-id"], name="alert_named"),
                    models.Index(fields=["service", "-starts_at", "-id"], name="alert_of_service"),
                    models.Index(fields=["intake", "-starts_at", "-id"], name="alert_of_intake"),
                    models.Index(
                        condition=models.Q(("state", "firing")),
                        fields=["acknowledged_at", "-starts_at", "-id"],
                        name="alert_firing",
                    ),
                    models.Index(
                        condition=models.Q(("state", "resolved")),
                        fields=["ends_at"],
                        name="alert_resolved",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "firing")),
                        fields=("source", "fingerprint"),
                        name="alert_fires_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ends_at__isnull", True), ("state", "firing")),
                            models.Q(("ends_at__isnull", False), ("state", "resolved")),
                            _connector="OR",
                        ),
                        name="alert_ends_when_resolved",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Judgement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("is_useful", models.BooleanField()),
                ("at", models.DateTimeField()),
                (
                    "alert",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="judgements",
                        to="monitoring.alert",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="alert_judgements",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-at", "-pk"],
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("alert", "person"), name="judgement_once_per_person"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Received",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                (
                    "sender",
                    models.CharField(
                        blank=True, help_text="As the tool calls itself.", max_length=200
                    ),
                ),
                ("size", models.PositiveIntegerField(help_text="Bytes.")),
                ("body", models.TextField(blank=True, help_text="As it came; a long one is cut.")),
                (
                    "answer",
                    models.PositiveSmallIntegerField(help_text="The status that was answered."),
                ),
                ("firing", models.PositiveIntegerField(default=0)),
                ("resolved", models.PositiveIntegerField(default=0)),
                (
                    "truncated",
                    models.PositiveIntegerField(
                        default=0,
                        help_text="Alerts that the tool left out of it, as there were too many.",
                    ),
                ),
                ("error", models.CharField(blank=True, max_length=300)),
                (
                    "intake",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="received",
                        to="monitoring.intake",
                    ),
                ),
            ],
            options={
                "verbose_name": "delivery that came in",
                "verbose_name_plural": "deliveries that came in",
                "ordering": ["-at", "-pk"],
                "default_permissions": ("view",),
                "indexes": [
                    models.Index(fields=["-at", "-id"], name="received_newest"),
                    models.Index(fields=["intake", "-at", "-id"], name="received_of_intake"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Event",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                ("state", models.CharField(max_length=12)),
                ("change", models.CharField(max_length=200)),
                (
                    "alert",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="events",
                        to="monitoring.alert",
                    ),
                ),
                (
                    "received",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="events",
                        to="monitoring.received",
                    ),
                ),
            ],
            options={
                "ordering": ["at", "pk"],
                "default_permissions": (),
            },
        ),
    ]
