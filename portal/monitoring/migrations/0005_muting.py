import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import portal.monitoring.models.schedule


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("architecture", "0008_watchers"),
        ("monitoring", "0004_heartbeat_roles"),
        ("runbooks", "0021_default_reasons"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="alert",
            name="alert_firing",
        ),
        migrations.AddField(
            model_name="alert",
            name="muted_by",
            field=models.CharField(
                blank=True,
                choices=[
                    ("silence", "Silenced"),
                    ("maintenance", "In maintenance"),
                    ("dependency", "Grouped"),
                ],
                db_default="",
                default="",
                editable=False,
                max_length=12,
            ),
        ),
        migrations.AddIndex(
            model_name="alert",
            index=models.Index(
                condition=models.Q(("state", "firing")),
                fields=["muted_by", "acknowledged_at", "-starts_at", "-id"],
                name="alert_firing",
            ),
        ),
        migrations.CreateModel(
            name="Silence",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "matchers",
                    models.JSONField(
                        blank=True, default=list, help_text="All of them have to match."
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        blank=True, help_text="Of one alert: whose it is.", max_length=60
                    ),
                ),
                ("fingerprint", models.CharField(blank=True, max_length=255)),
                ("alert_name", models.CharField(blank=True, max_length=200)),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("reason", models.CharField(max_length=500)),
                ("created_at", models.DateTimeField()),
                (
                    "created_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "ended_by",
                    models.ForeignKey(
                        blank=True,
                        help_text="Who ended it before its time.",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-ends_at", "-pk"],
                "default_permissions": ("add", "change", "view"),
                "indexes": [models.Index(fields=["ends_at", "starts_at"], name="silence_times")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_at__gte", models.F("starts_at"))),
                        name="silence_ends_after_it_begins",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Maintenance",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("title", models.CharField(max_length=120)),
                (
                    "note",
                    models.CharField(
                        blank=True, help_text="What is done, and the risk.", max_length=1000
                    ),
                ),
                (
                    "is_for_all",
                    models.BooleanField(
                        default=False,
                        help_text="All services, and alerts for which no service was found.",
                    ),
                ),
                (
                    "starts_at",
                    models.DateTimeField(help_text="Of what recurs: no window begins before."),
                ),
                ("duration", models.DurationField(help_text="Of one window.")),
                (
                    "cron",
                    models.CharField(
                        blank=True,
                        help_text="When it recurs, in its time zone; empty: once.",
                        max_length=100,
                        validators=[portal.monitoring.models.schedule.validate_cron],
                    ),
                ),
                (
                    "zone",
                    models.CharField(
                        default="UTC",
                        max_length=64,
                        validators=[portal.monitoring.models.schedule.validate_zone],
                    ),
                ),
                (
                    "until",
                    models.DateTimeField(
                        blank=True, help_text="No window begins after.", null=True
                    ),
                ),
                ("created_at", models.DateTimeField()),
                (
                    "planned_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("cancelled_at", models.DateTimeField(blank=True, null=True)),
                (
                    "services",
                    models.ManyToManyField(
                        blank=True, related_name="maintenance", to="architecture.service"
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "maintenance",
                "ordering": ["-created_at", "-pk"],
                "default_permissions": ("add", "change", "view"),
            },
        ),
        migrations.CreateModel(
            name="Window",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "maintenance",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="windows",
                        to="monitoring.maintenance",
                    ),
                ),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("cancelled_at", models.DateTimeField(blank=True, null=True)),
                (
                    "ended_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("start_told_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("end_told_at", models.DateTimeField(blank=True, editable=False, null=True)),
            ],
            options={
                "verbose_name": "maintenance window",
                "ordering": ["starts_at", "pk"],
                "default_permissions": (),
                "indexes": [models.Index(fields=["ends_at", "starts_at"], name="window_times")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("maintenance", "starts_at"), name="window_once_at_a_time"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ends_at__gte", models.F("starts_at"))),
                        name="window_ends_after_it_begins",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Muting",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "alert",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="mutings",
                        to="monitoring.alert",
                    ),
                ),
                (
                    "by",
                    models.CharField(
                        choices=[
                            ("silence", "Silenced"),
                            ("maintenance", "In maintenance"),
                            ("dependency", "Grouped"),
                        ],
                        max_length=12,
                    ),
                ),
                ("why", models.CharField(max_length=700)),
                (
                    "silence",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="monitoring.silence",
                    ),
                ),
                (
                    "window",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="monitoring.window",
                    ),
                ),
                (
                    "under",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="monitoring.alert",
                    ),
                ),
                ("began_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "is_withheld",
                    models.BooleanField(help_text="Whether nobody was told that the alert fires."),
                ),
                ("told_key", models.CharField(blank=True, max_length=200)),
            ],
            options={
                "ordering": ["began_at", "pk"],
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)),
                        fields=("alert",),
                        name="muted_by_one_thing",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("by__in", ["silence", "maintenance", "dependency"])),
                        name="muting_by_what_is_known",
                    ),
                ],
            },
        ),
    ]
