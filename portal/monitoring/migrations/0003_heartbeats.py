import datetime
import uuid

import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import portal.monitoring.models.ping_keys


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0006_default_setup"),
        ("accounts", "__first__"),
        ("architecture", "0008_watchers"),
        ("monitoring", "0002_roles"),
        ("runbooks", "0021_default_reasons"),
    ]

    operations = [
        migrations.CreateModel(
            name="Heartbeat",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("badge_key", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("name", models.CharField(max_length=120)),
                (
                    "slug",
                    models.CharField(
                        blank=True,
                        help_text="For `/ping/<key>/<slug>`.",
                        max_length=100,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[a-z0-9_-]+\\Z", "Use a-z, 0-9, hyphens and underscores."
                            )
                        ],
                    ),
                ),
                ("every", models.DurationField(blank=True, null=True)),
                ("cron", models.CharField(blank=True, max_length=100)),
                ("zone", models.CharField(default="UTC", max_length=64)),
                ("grace", models.DurationField(default=datetime.timedelta(seconds=3600))),
                ("shortest", models.DurationField(blank=True, null=True)),
                ("longest", models.DurationField(blank=True, null=True)),
                ("manual_resume", models.BooleanField(default=False)),
                ("paused_at", models.DateTimeField(null=True)),
                ("paused_until", models.DateTimeField(null=True)),
                ("pause_told_at", models.DateTimeField(null=True)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("revision", models.PositiveIntegerField(default=0)),
                (
                    "intake",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="heartbeat",
                        to="monitoring.intake",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="heartbeats",
                        to="accounts.team",
                    ),
                ),
                (
                    "runbook",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="heartbeats",
                        to="runbooks.runbook",
                    ),
                ),
                (
                    "service",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="heartbeats",
                        to="architecture.service",
                    ),
                ),
            ],
            options={
                "ordering": ["name", "pk"],
                "permissions": [("pause_heartbeat", "Can pause and resume heartbeats")],
                "indexes": [models.Index(fields=["slug"], name="heartbeat_by_slug")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("cron", ""), ("every__isnull", False)),
                            models.Q(("every", None), models.Q(("cron", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="heartbeat_every_or_cron",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("paused_until", None), ("paused_at__isnull", False), _connector="OR"
                        ),
                        name="heartbeat_until_is_of_a_pause",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Instance",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(blank=True, max_length=100)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("new", "New"),
                            ("up", "Up"),
                            ("started", "Started"),
                            ("grace", "Late"),
                            ("down", "Down"),
                            ("paused", "Paused"),
                        ],
                        default="new",
                        max_length=8,
                    ),
                ),
                ("pings", models.PositiveIntegerField(default=0)),
                ("last_ping_at", models.DateTimeField(null=True)),
                ("last_duration", models.DurationField(null=True)),
                (
                    "verdict",
                    models.CharField(
                        blank=True,
                        choices=[("short", "Suspiciously short"), ("long", "Too long")],
                        max_length=5,
                    ),
                ),
                ("started_at", models.DateTimeField(null=True)),
                ("started_rid", models.UUIDField(null=True)),
                ("counts_from", models.DateTimeField(null=True)),
                ("expected_at", models.DateTimeField(null=True)),
                ("down_at", models.DateTimeField(null=True)),
                (
                    "heartbeat",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="instances",
                        to="monitoring.heartbeat",
                    ),
                ),
            ],
            options={
                "ordering": ["name"],
                "default_permissions": (),
                "indexes": [
                    models.Index(
                        condition=models.Q(("down_at__isnull", False)),
                        fields=["down_at"],
                        name="instance_by_due",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("heartbeat", "name"), name="instance_named_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["new", "up", "down"])),
                        name="instance_state_is_stored",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "down"), _negated=True),
                            ("down_at", None),
                            _connector="OR",
                        ),
                        name="instance_down_is_not_due",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Flip",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "before",
                    models.CharField(
                        choices=[
                            ("new", "New"),
                            ("up", "Up"),
                            ("started", "Started"),
                            ("grace", "Late"),
                            ("down", "Down"),
                            ("paused", "Paused"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "after",
                    models.CharField(
                        choices=[
                            ("new", "New"),
                            ("up", "Up"),
                            ("started", "Started"),
                            ("grace", "Late"),
                            ("down", "Down"),
                            ("paused", "Paused"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("success", "It reported success"),
                            ("failure", "It reported a failure"),
                            ("missed", "It did not report in time"),
                            ("overrun", "It started and did not end in time"),
                            ("paused", "Somebody paused it"),
                            ("resumed", "Somebody resumed it"),
                            ("pause-ended", "The pause ended as planned"),
                            ("ping", "It reported while it was paused"),
                        ],
                        max_length=12,
                    ),
                ),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("announced_at", models.DateTimeField(null=True)),
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
                    "heartbeat",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="flips",
                        to="monitoring.heartbeat",
                    ),
                ),
                (
                    "instance",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="flips",
                        to="monitoring.instance",
                    ),
                ),
            ],
            options={
                "ordering": ["-at", "-pk"],
                "default_permissions": (),
                "indexes": [
                    models.Index(fields=["heartbeat", "-at"], name="flip_of_heartbeat"),
                    models.Index(fields=["at"], name="flip_by_time"),
                    models.Index(
                        condition=models.Q(("announced_at", None)),
                        fields=["id"],
                        name="flip_unannounced",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Ping",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("n", models.PositiveIntegerField()),
                (
                    "signal",
                    models.CharField(
                        choices=[
                            ("success", "Success"),
                            ("start", "Start"),
                            ("fail", "Failure"),
                            ("log", "Log"),
                            ("ignored", "Ignored"),
                        ],
                        max_length=8,
                    ),
                ),
                ("exit_status", models.PositiveSmallIntegerField(null=True)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("duration", models.DurationField(null=True)),
                (
                    "verdict",
                    models.CharField(
                        blank=True,
                        choices=[("short", "Suspiciously short"), ("long", "Too long")],
                        max_length=5,
                    ),
                ),
                ("rid", models.UUIDField(null=True)),
                ("method", models.CharField(max_length=4)),
                ("address", models.GenericIPAddressField(null=True)),
                ("agent", models.CharField(blank=True, max_length=200)),
                ("size", models.PositiveIntegerField(default=0)),
                ("body", models.BinaryField(blank=True)),
                (
                    "instance",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="signs",
                        to="monitoring.instance",
                    ),
                ),
            ],
            options={
                "ordering": ["-at", "-pk"],
                "default_permissions": (),
                "indexes": [
                    models.Index(fields=["at"], name="ping_by_time"),
                    models.Index(
                        condition=models.Q(("rid__isnull", False)),
                        fields=["instance", "rid"],
                        name="ping_of_run",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("instance", "n"), name="ping_numbered_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="PingKey",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "key",
                    models.CharField(
                        default=portal.monitoring.models.ping_keys.new_key,
                        editable=False,
                        max_length=43,
                        unique=True,
                    ),
                ),
                (
                    "name",
                    models.CharField(
                        help_text="Who uses it, such as “web servers”.", max_length=80
                    ),
                ),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
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
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="ping_keys",
                        to="accounts.team",
                    ),
                ),
            ],
            options={
                "ordering": ["name", "pk"],
            },
        ),
    ]
