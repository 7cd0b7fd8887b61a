import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0007_calendar_mark"),
        ("architecture", "0008_watchers"),
        ("incidents", "0003_severities"),
        ("monitoring", "0011_kept_bodies"),
        ("runbooks", "0021_default_reasons"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="IncidentRule",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveIntegerField(editable=False)),
                ("name", models.CharField(max_length=120)),
                (
                    "matchers",
                    models.JSONField(default=list, help_text="All of them have to match."),
                ),
                (
                    "action",
                    models.CharField(
                        choices=[
                            ("incident", "Open an incident"),
                            ("ticket", "Open a ticket (SEV5)"),
                            ("nothing", "Open nothing"),
                        ],
                        default="incident",
                        max_length=8,
                    ),
                ),
                (
                    "level",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        help_text="Severity of the incident; empty: by the severity of the alert.",
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(5),
                        ],
                    ),
                ),
                (
                    "levels",
                    models.JSONField(
                        blank=True,
                        default=dict,
                        help_text="Words of alerts, each with the severity it means.",
                    ),
                ),
                (
                    "group_by",
                    models.JSONField(
                        blank=True,
                        default=list,
                        help_text="Labels: alerts that have the same values join one incident. Empty: one for each service.",
                    ),
                ),
                (
                    "resolves",
                    models.BooleanField(
                        default=False,
                        help_text="Resolve the incident when all of its alerts are over.",
                    ),
                ),
                ("is_active", models.BooleanField(default=True)),
                ("revision", models.PositiveIntegerField(default=0)),
            ],
            options={
                "ordering": ["position", "pk"],
                "default_permissions": ("add", "change", "view"),
            },
        ),
        migrations.AddField(
            model_name="incident",
            name="resolves",
            field=models.BooleanField(
                default=False,
                db_default=False,
                editable=False,
                help_text="Resolved when all of its alerts are over.",
            ),
        ),
        migrations.AddIndex(
            model_name="incidentalert",
            index=models.Index(
                condition=models.Q(("over_at", None)),
                fields=["incident"],
                name="incident_alert_open",
            ),
        ),
        migrations.AddField(
            model_name="incidentrule",
            name="policy",
            field=models.ForeignKey(
                blank=True,
                help_text="Whom it calls; empty: the policy of the service.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="incident_rules",
                to="incidents.escalationpolicy",
            ),
        ),
        migrations.AddField(
            model_name="incidentrule",
            name="service",
            field=models.ForeignKey(
                blank=True,
                help_text="What it concerns; empty: the service of the alert.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="incident_rules",
                to="architecture.service",
            ),
        ),
        migrations.AddField(
            model_name="incident",
            name="rule",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                help_text="The rule that opened it.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="incidents",
                to="incidents.incidentrule",
            ),
        ),
        migrations.AddIndex(
            model_name="incident",
            index=models.Index(
                condition=models.Q(("group_key", ""), _negated=True),
                fields=["group_key", "-declared_at"],
                name="incident_of_group",
            ),
        ),
        migrations.AddIndex(
            model_name="incident",
            index=models.Index(fields=["rule", "-declared_at"], name="incident_of_rule"),
        ),
    ]
