import datetime

import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import portal.accounts.models.users


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0007_calendar_mark"),
        ("accounts", "__first__"),
        ("architecture", "0008_watchers"),
        ("monitoring", "0011_kept_bodies"),
        ("notifications", "0015_deliveries_of_an_event"),
        ("runbooks", "0021_default_reasons"),
    ]

    operations = [
        migrations.CreateModel(
            name="Layer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "position",
                    models.PositiveSmallIntegerField(
                        help_text="The highest wins; 1 is the lowest."
                    ),
                ),
                ("name", models.CharField(max_length=60)),
                (
                    "starts_on",
                    models.DateField(help_text="The day on which the first person begins."),
                ),
                (
                    "ends_on",
                    models.DateField(blank=True, help_text="The day on which it ends.", null=True),
                ),
                ("every", models.PositiveSmallIntegerField(default=1)),
                (
                    "unit",
                    models.CharField(
                        choices=[("hours", "hours"), ("days", "days"), ("weeks", "weeks")],
                        default="weeks",
                        max_length=5,
                    ),
                ),
                (
                    "hand_over",
                    models.TimeField(
                        default=datetime.time(9, 0), help_text="In the time zone of the rotation."
                    ),
                ),
                (
                    "on_holidays",
                    models.CharField(
                        choices=[
                            ("usual", "as on any other day"),
                            ("also", "applies all day"),
                            ("not", "does not apply"),
                        ],
                        default="usual",
                        max_length=5,
                    ),
                ),
            ],
            options={
                "ordering": ["rotation", "-position"],
                "default_permissions": (),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("unit__in", ["hours", "days", "weeks"])),
                        name="layer_known_unit",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("every__gte", 1), ("every__lte", 366)),
                        name="layer_turns_have_a_length",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("on_holidays__in", ["usual", "also", "not"])),
                        name="layer_known_holiday_rule",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_on", None),
                            ("ends_on__gt", models.F("starts_on")),
                            _connector="OR",
                        ),
                        name="layer_ends_after_it_begins",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="WorkingCalendar",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("weekdays", models.JSONField(default=list, help_text="Monday is 0.")),
                (
                    "country",
                    models.CharField(
                        blank=True, help_text="Such as SE; empty: none.", max_length=2
                    ),
                ),
                (
                    "subdivision",
                    models.CharField(blank=True, help_text="Such as BY in Germany.", max_length=10),
                ),
            ],
            options={
                "default_permissions": ("change", "view"),
            },
        ),
        migrations.CreateModel(
            name="AffectedService",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "impact",
                    models.CharField(
                        choices=[
                            ("unknown", "Not known yet"),
                            ("degraded", "Degraded"),
                            ("down", "Down"),
                            ("restored", "Restored"),
                        ],
                        default="unknown",
                        max_length=10,
                    ),
                ),
                ("added_at", models.DateTimeField()),
                (
                    "service",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="affected_by",
                        to="architecture.service",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="Audience",
            fields=[
                (
                    "name",
                    models.CharField(
                        choices=[
                            ("responders", "Responders"),
                            ("executives", "Executives"),
                            ("customers", "Customers"),
                            ("partners", "Partners"),
                        ],
                        max_length=12,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "addresses",
                    models.JSONField(blank=True, default=list, help_text="E-mail addresses."),
                ),
                ("revision", models.PositiveIntegerField(default=0)),
                (
                    "channels",
                    models.ManyToManyField(
                        blank=True, related_name="+", to="notifications.channel"
                    ),
                ),
                (
                    "people",
                    models.ManyToManyField(
                        blank=True, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["name"],
                "default_permissions": ("change", "view"),
            },
        ),
        migrations.CreateModel(
            name="CommunicationTemplate",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("slug", models.SlugField(max_length=60, unique=True)),
                (
                    "audience",
                    models.CharField(
                        choices=[
                            ("responders", "Responders"),
                            ("executives", "Executives"),
                            ("customers", "Customers"),
                            ("partners", "Partners"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "moment",
                    models.CharField(
                        choices=[
                            ("notice", "First notice"),
                            ("update", "Update"),
                            ("resolution", "Resolution"),
                            ("report", "Post-incident report"),
                        ],
                        max_length=12,
                    ),
                ),
                ("subject", models.CharField(max_length=150)),
                (
                    "internal_text",
                    models.TextField(
                        blank=True, help_text="What colleagues read.", max_length=4000
                    ),
                ),
                (
                    "public_text",
                    models.TextField(
                        blank=True,
                        help_text="What customers, partners and the status page get.",
                        max_length=4000,
                    ),
                ),
                ("revision", models.PositiveIntegerField(default=0)),
            ],
            options={
                "ordering": ["audience", "moment", "slug"],
                "default_permissions": ("add", "change", "view"),
                "indexes": [
                    models.Index(fields=["audience", "moment"], name="communication_template_for")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("subject", ""), _negated=True),
                        name="communication_template_has_subject",
                    )
                ],
            },
        ),
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
                            ("declared", "declared"),
                            ("called", "called"),
                            ("not_reached", "not reached"),
                            ("acknowledged", "acknowledged"),
                            ("escalated", "escalated"),
                            ("nobody_answered", "nobody answered"),
                            ("severity", "changed the severity"),
                            ("state", "changed the state"),
                            ("role", "changed a role"),
                            ("clock", "clock"),
                            ("note", "noted"),
                            ("decision", "decided"),
                            ("finding", "found"),
                            ("evidence", "added evidence"),
                            ("correction", "corrected"),
                            ("task", "task"),
                            ("alert", "alert"),
                            ("run", "run"),
                            ("service", "affected service"),
                            ("link", "link"),
                            ("related", "related"),
                            ("merged", "merged"),
                            ("communication", "communication"),
                            ("changed", "changed"),
                        ],
                        max_length=16,
                    ),
                ),
                ("at", models.DateTimeField()),
                (
                    "by_name",
                    models.CharField(
                        blank=True, help_text="Empty: the portal itself.", max_length=150
                    ),
                ),
                ("text", models.TextField(blank=True)),
                (
                    "about",
                    models.JSONField(
                        blank=True, default=dict, help_text="What programs read of it."
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "corrects",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrections",
                        to="incidents.entry",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "entries",
                "ordering": ["at", "pk"],
                "default_permissions": (),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("corrects", None), ("kind", "correction"), _connector="OR"
                        ),
                        name="entry_corrects_as_correction",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="EscalationPolicy",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("slug", models.SlugField(max_length=60, unique=True)),
                ("name", models.CharField(max_length=120)),
                ("description", models.TextField(blank=True, max_length=1000)),
                (
                    "is_default_of_team",
                    models.BooleanField(
                        default=False,
                        help_text="For services of the team that have no policy of their own.",
                    ),
                ),
                (
                    "rounds",
                    models.PositiveSmallIntegerField(
                        default=2,
                        help_text="How often the steps are gone through.",
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(10),
                        ],
                    ),
                ),
                (
                    "wait_minutes",
                    models.PositiveIntegerField(
                        default=5,
                        help_text="Minutes after the last step until the next round, the next policy or the end.",
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(1440),
                        ],
                    ),
                ),
                (
                    "is_catch_all",
                    models.BooleanField(
                        default=False, help_text="Called in the end when nobody else answered."
                    ),
                ),
                ("archived_at", models.DateTimeField(blank=True, null=True)),
                ("revision", models.PositiveIntegerField(default=0)),
                (
                    "continues_with",
                    models.ForeignKey(
                        blank=True,
                        help_text="The policy that goes on when nobody answered.",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="continues",
                        to="incidents.escalationpolicy",
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="escalation_policies",
                        to="accounts.team",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "escalation policies",
                "ordering": ["name"],
                "default_permissions": ("add", "change", "view"),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("archived_at", None), ("is_catch_all", True)),
                        fields=("is_catch_all",),
                        name="one_catch_all_policy",
                        violation_error_message="Another policy is the catch-all: there is one at a time.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("archived_at", None), ("is_default_of_team", True)),
                        fields=("team",),
                        name="one_default_policy_of_a_team",
                        violation_error_message="The team has a default policy already.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="EscalationStep",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField()),
                (
                    "delay_minutes",
                    models.PositiveIntegerField(
                        default=5,
                        help_text="Minutes after the step before; of the first step, after the incident opens.",
                        validators=[django.core.validators.MaxValueValidator(1440)],
                    ),
                ),
                (
                    "urgency",
                    models.CharField(
                        choices=[("high", "High"), ("low", "Low")], default="high", max_length=4
                    ),
                ),
                (
                    "policy",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="steps",
                        to="incidents.escalationpolicy",
                    ),
                ),
            ],
            options={
                "ordering": ["policy", "position"],
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("policy", "position"), name="step_of_policy_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="EvidencePicture",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(editable=False, max_length=60, unique=True)),
                ("alt", models.CharField(blank=True, max_length=300, verbose_name="description")),
                ("width", models.PositiveIntegerField()),
                ("height", models.PositiveIntegerField()),
                ("content_type", models.CharField(max_length=40)),
                ("sha256", models.CharField(max_length=64)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="pictures",
                        to="incidents.entry",
                    ),
                ),
                (
                    "uploaded_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-created_at"],
                "abstract": False,
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="Incident",
            fields=[
                ("number", models.BigAutoField(primary_key=True, serialize=False)),
                ("title", models.CharField(max_length=200)),
                ("description", models.TextField(blank=True, max_length=10000)),
                (
                    "level",
                    models.PositiveSmallIntegerField(help_text="1 is the worst, 5 the mildest."),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("investigating", "Investigating"),
                            ("identified", "Identified"),
                            ("monitoring", "Monitoring"),
                            ("resolved", "Resolved"),
                            ("closed", "Closed"),
                        ],
                        default="investigating",
                        max_length=16,
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("person", "A person"),
                            ("api", "The API"),
                            ("alert", "An alert"),
                            ("run", "A failed run"),
                        ],
                        default="person",
                        max_length=8,
                    ),
                ),
                (
                    "is_drill",
                    models.BooleanField(default=False, help_text="Does not count in the figures."),
                ),
                (
                    "is_restricted",
                    models.BooleanField(
                        default=False,
                        help_text="Only who takes part, and who has the right, may see it.",
                    ),
                ),
                (
                    "terms",
                    models.JSONField(default=dict, editable=False, help_text="Of its severity."),
                ),
                (
                    "plan",
                    models.JSONField(
                        default=list, editable=False, help_text="Who is called, in order."
                    ),
                ),
                (
                    "group_key",
                    models.CharField(
                        blank=True,
                        default="",
                        editable=False,
                        help_text="Whose alerts join it.",
                        max_length=64,
                    ),
                ),
                (
                    "resolves",
                    models.BooleanField(
                        db_default=False,
                        default=False,
                        editable=False,
                        help_text="Resolved when all of its alerts are over.",
                    ),
                ),
                (
                    "request_key",
                    models.CharField(editable=False, max_length=64, null=True, unique=True),
                ),
                ("declared_at", models.DateTimeField()),
                ("acknowledged_at", models.DateTimeField(blank=True, null=True)),
                ("active_at", models.DateTimeField(help_text="When somebody did something last.")),
                (
                    "idle_at",
                    models.DateTimeField(
                        blank=True,
                        editable=False,
                        help_text="When people are called again.",
                        null=True,
                    ),
                ),
                ("mitigated_at", models.DateTimeField(blank=True, null=True)),
                ("resolved_at", models.DateTimeField(blank=True, null=True)),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "outcome",
                    models.TextField(blank=True, help_text="How it ended.", max_length=10000),
                ),
                ("revision", models.PositiveIntegerField(default=0)),
                (
                    "acknowledged_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "declared_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "merged_into",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="merged",
                        to="incidents.incident",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="incidents",
                        to="accounts.team",
                    ),
                ),
                (
                    "policy",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="incidents",
                        to="incidents.escalationpolicy",
                    ),
                ),
                (
                    "runbook_version",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="incidents",
                        to="runbooks.version",
                    ),
                ),
                (
                    "services",
                    models.ManyToManyField(
                        related_name="incidents",
                        through="incidents.AffectedService",
                        to="architecture.service",
                    ),
                ),
            ],
            options={
                "ordering": ["-declared_at", "-number"],
                "permissions": [("view_restricted_incident", "Can see restricted incidents")],
                "default_permissions": ("add", "change", "view"),
                "indexes": [
                    models.Index(fields=["-declared_at", "-number"], name="incident_newest"),
                    models.Index(
                        fields=["level", "-declared_at", "-number"], name="incident_by_level"
                    ),
                    models.Index(
                        condition=models.Q(
                            ("state__in", ("investigating", "identified", "monitoring"))
                        ),
                        fields=["level", "-declared_at", "-number"],
                        name="incident_open",
                    ),
                    models.Index(
                        condition=models.Q(("group_key", ""), _negated=True),
                        fields=["group_key", "-declared_at"],
                        name="incident_of_group",
                    ),
                    models.Index(
                        condition=models.Q(("idle_at__isnull", False)),
                        fields=["idle_at"],
                        name="incident_idle",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("level__gte", 1), ("level__lte", 5)),
                        name="incident_level_1_to_5",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("closed_at", None),
                                ("resolved_at", None),
                                ("state__in", ("investigating", "identified", "monitoring")),
                            ),
                            models.Q(
                                ("closed_at", None),
                                ("resolved_at__isnull", False),
                                ("state", "resolved"),
                            ),
                            models.Q(
                                ("closed_at__isnull", False),
                                ("resolved_at__isnull", False),
                                ("state", "closed"),
                            ),
                            _connector="OR",
                        ),
                        name="incident_times_of_its_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("acknowledged_at__isnull", False), ("idle_at", None), _connector="OR"
                        ),
                        name="incident_idle_when_acknowledged",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("merged_into", None),
                            models.Q(
                                ("state", "closed"),
                                models.Q(("merged_into", models.F("number")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="incident_closed_when_merged",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("state__in", ("investigating", "identified", "monitoring")),
                            models.Q(("group_key", ""), _negated=True),
                        ),
                        fields=("group_key",),
                        name="one_open_incident_of_a_group",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Escalation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "due_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, help_text="The next attempt."
                    ),
                ),
                ("attempts", models.PositiveIntegerField(default=0)),
                ("lease_until", models.DateTimeField(blank=True, null=True)),
                (
                    "fence",
                    models.PositiveIntegerField(default=0, help_text="Grows with each claim."),
                ),
                (
                    "plan",
                    models.JSONField(
                        default=list, help_text="The policies as they were, in order."
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("running", "Running"),
                            ("stopped", "Stopped"),
                            ("ended", "Nobody answered"),
                        ],
                        default="running",
                        max_length=8,
                    ),
                ),
                (
                    "stage",
                    models.PositiveSmallIntegerField(
                        default=0, help_text="Which policy of the plan."
                    ),
                ),
                ("round", models.PositiveSmallIntegerField(default=0)),
                (
                    "step",
                    models.PositiveSmallIntegerField(default=0, help_text="Which step is next."),
                ),
                (
                    "turn",
                    models.PositiveIntegerField(
                        default=0, help_text="How many times people were called."
                    ),
                ),
                ("started_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "stands",
                    models.BooleanField(
                        default=True, help_text="Of one that ended: nobody has answered since."
                    ),
                ),
                (
                    "again_at",
                    models.DateTimeField(
                        blank=True,
                        help_text="When people are called again, as nobody answered.",
                        null=True,
                    ),
                ),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="escalations",
                        to="incidents.incident",
                    ),
                ),
            ],
            options={
                "ordering": ["-started_at", "-pk"],
                "default_permissions": (),
                "indexes": [
                    models.Index(
                        condition=models.Q(("lease_until", None), ("state", "running")),
                        fields=["due_at"],
                        name="escalation_waiting",
                    ),
                    models.Index(
                        condition=models.Q(("lease_until__isnull", False), ("state", "running")),
                        fields=["lease_until"],
                        name="escalation_held",
                    ),
                    models.Index(
                        condition=models.Q(("again_at__isnull", False)),
                        fields=["again_at"],
                        name="escalation_again",
                    ),
                    models.Index(
                        condition=models.Q(("stands", True), ("state", "ended")),
                        fields=["incident"],
                        name="escalation_unanswered",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "running")),
                        fields=("incident",),
                        name="one_escalation_runs",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("again_at", None),
                            models.Q(("stands", True), ("state", "ended")),
                            _connector="OR",
                        ),
                        name="escalation_again_when_ended",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="entry",
            name="incident",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="entries",
                to="incidents.incident",
            ),
        ),
        migrations.CreateModel(
            name="Communication",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "audience",
                    models.CharField(
                        choices=[
                            ("responders", "Responders"),
                            ("executives", "Executives"),
                            ("customers", "Customers"),
                            ("partners", "Partners"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "moment",
                    models.CharField(
                        choices=[
                            ("notice", "First notice"),
                            ("update", "Update"),
                            ("resolution", "Resolution"),
                            ("report", "Post-incident report"),
                        ],
                        max_length=12,
                    ),
                ),
                ("template_revision", models.PositiveIntegerField(blank=True, null=True)),
                ("subject", models.CharField(max_length=150)),
                ("internal_text", models.TextField(blank=True, max_length=4000)),
                ("public_text", models.TextField(blank=True, max_length=4000)),
                (
                    "values",
                    models.JSONField(blank=True, default=dict, help_text="What the author typed."),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("waiting", "Waiting for approval"),
                            ("returned", "Sent back"),
                            ("sent", "Sent"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="draft",
                        max_length=10,
                    ),
                ),
                ("created_at", models.DateTimeField()),
                ("submitted_at", models.DateTimeField(blank=True, null=True)),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                (
                    "reason",
                    models.CharField(
                        blank=True, help_text="Why it was sent back.", max_length=1000
                    ),
                ),
                ("sent_at", models.DateTimeField(blank=True, null=True)),
                ("recipients", models.JSONField(blank=True, default=dict, editable=False)),
                (
                    "request_key",
                    models.CharField(editable=False, max_length=64, null=True, unique=True),
                ),
                ("revision", models.PositiveIntegerField(default=0)),
                (
                    "approver",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "author",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "template",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="incidents.communicationtemplate",
                    ),
                ),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="communications",
                        to="incidents.incident",
                    ),
                ),
            ],
            options={
                "ordering": ["created_at", "pk"],
                "default_permissions": (),
                "indexes": [
                    models.Index(
                        fields=["incident", "-created_at"], name="communication_of_incident"
                    ),
                    models.Index(
                        condition=models.Q(("audience", "customers"), ("state", "sent")),
                        fields=["-sent_at"],
                        name="communication_public",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("sent_at__isnull", False), ("state", "sent")),
                            models.Q(models.Q(("state", "sent"), _negated=True), ("sent_at", None)),
                            _connector="OR",
                        ),
                        name="communication_sent_has_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "waiting"), _negated=True),
                            ("submitted_at__isnull", False),
                            _connector="OR",
                        ),
                        name="communication_waits_since",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("approver", None), ("decided_at__isnull", False), _connector="OR"
                        ),
                        name="communication_approved_at",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Clock",
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
                            ("acknowledge", "Acknowledge"),
                            ("notice", "First notice"),
                            ("update", "Next update"),
                            ("review", "Review"),
                            ("actions", "Actions"),
                        ],
                        max_length=12,
                    ),
                ),
                ("started_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("remind_at", models.DateTimeField()),
                ("reminded_at", models.DateTimeField(blank=True, null=True)),
                ("met_at", models.DateTimeField(blank=True, null=True)),
                (
                    "missed_at",
                    models.DateTimeField(blank=True, help_text="When people were told.", null=True),
                ),
                (
                    "stopped_at",
                    models.DateTimeField(
                        blank=True,
                        help_text="When it was not due any more, or another took its place.",
                        null=True,
                    ),
                ),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="clocks",
                        to="incidents.incident",
                    ),
                ),
            ],
            options={
                "ordering": ["started_at", "pk"],
                "default_permissions": (),
                "indexes": [
                    models.Index(
                        condition=models.Q(
                            ("met_at", None), ("reminded_at", None), ("stopped_at", None)
                        ),
                        fields=["remind_at"],
                        name="clock_to_remind",
                    ),
                    models.Index(
                        condition=models.Q(
                            ("met_at", None), ("missed_at", None), ("stopped_at", None)
                        ),
                        fields=["due_at"],
                        name="clock_to_miss",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("met_at", None), ("stopped_at", None)),
                        fields=("incident", "kind"),
                        name="clock_runs_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("met_at", None), ("stopped_at", None), _connector="OR"),
                        name="clock_met_or_stopped",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("due_at__gt", models.F("started_at"))),
                        name="clock_due_after_it_starts",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Call",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "turn",
                    models.PositiveIntegerField(help_text="Which time of the escalation, from 1."),
                ),
                ("stage", models.PositiveSmallIntegerField()),
                ("round", models.PositiveSmallIntegerField()),
                ("step", models.PositiveSmallIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("person", "Person"),
                            ("team", "Team"),
                            ("rotation", "Rotation"),
                            ("channel", "Channel"),
                            ("operators", "All operators"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "target_name",
                    models.CharField(help_text="What the step aims at.", max_length=150),
                ),
                ("name", models.CharField(blank=True, help_text="Who was called.", max_length=150)),
                ("key", models.CharField(max_length=120, unique=True)),
                (
                    "message_key",
                    models.CharField(blank=True, help_text="Of its deliveries.", max_length=100),
                ),
                ("at", models.DateTimeField()),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("waiting", "On its way"),
                            ("arrived", "Arrived"),
                            ("failed", "Not reached"),
                            ("nobody", "Nobody to call"),
                        ],
                        default="waiting",
                        max_length=8,
                    ),
                ),
                (
                    "why",
                    models.CharField(
                        blank=True, help_text="Why nobody was reached.", max_length=250
                    ),
                ),
                (
                    "channel",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="notifications.channel",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "escalation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="calls",
                        to="incidents.escalation",
                    ),
                ),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="calls",
                        to="incidents.incident",
                    ),
                ),
            ],
            options={
                "ordering": ["escalation", "turn", "pk"],
                "default_permissions": (),
                "indexes": [
                    models.Index(
                        condition=models.Q(("outcome", "waiting")),
                        fields=["at"],
                        name="call_waiting",
                    ),
                    models.Index(fields=["escalation", "turn", "outcome"], name="call_of_turn"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("person", None), ("channel", None), _connector="OR"),
                        name="call_person_or_channel",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("outcome__in", ["waiting", "arrived", "failed", "nobody"])
                        ),
                        name="call_known_outcome",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Assignment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("commander", "Commander"),
                            ("operations", "Operations"),
                            ("communications", "Communications"),
                            ("scribe", "Scribe"),
                        ],
                        max_length=16,
                    ),
                ),
                ("person_name", models.CharField(max_length=150)),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField(blank=True, null=True)),
                (
                    "person",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="assignments",
                        to="incidents.incident",
                    ),
                ),
            ],
            options={
                "ordering": ["since", "pk"],
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("until", None)),
                        fields=("incident", "role"),
                        name="role_held_by_one",
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="affectedservice",
            name="incident",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="affected",
                to="incidents.incident",
            ),
        ),
        migrations.CreateModel(
            name="IncidentAlert",
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
                        help_text="Stays when the alert is forgotten.", max_length=200
                    ),
                ),
                ("joined_at", models.DateTimeField()),
                (
                    "over_at",
                    models.DateTimeField(
                        blank=True, help_text="When the timeline said that it is over.", null=True
                    ),
                ),
                (
                    "alert",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="in_incident",
                        to="monitoring.alert",
                    ),
                ),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="incident_alerts",
                        to="incidents.incident",
                    ),
                ),
            ],
            options={
                "ordering": ["joined_at", "pk"],
                "default_permissions": (),
                "indexes": [
                    models.Index(fields=["name", "incident"], name="incident_alert_named"),
                    models.Index(
                        condition=models.Q(("over_at", None)),
                        fields=["incident"],
                        name="incident_alert_open",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="IncidentLink",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("title", models.CharField(max_length=120)),
                ("url", models.URLField(max_length=500)),
                ("added_at", models.DateTimeField()),
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
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="links",
                        to="incidents.incident",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(fields=("incident", "url"), name="incident_link_once")
                ],
            },
        ),
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
                (
                    "policy",
                    models.ForeignKey(
                        blank=True,
                        help_text="Whom it calls; empty: the policy of the service.",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="incident_rules",
                        to="incidents.escalationpolicy",
                    ),
                ),
                (
                    "service",
                    models.ForeignKey(
                        blank=True,
                        help_text="What it concerns; empty: the service of the alert.",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="incident_rules",
                        to="architecture.service",
                    ),
                ),
            ],
            options={
                "ordering": ["position", "pk"],
                "default_permissions": ("add", "change", "view"),
            },
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
        migrations.CreateModel(
            name="IncidentRun",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("joined_at", models.DateTimeField()),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="incident_runs",
                        to="incidents.incident",
                    ),
                ),
                (
                    "run",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="in_incident",
                        to="runbooks.run",
                    ),
                ),
            ],
            options={
                "ordering": ["joined_at", "pk"],
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="LayerMember",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField()),
                (
                    "layer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="members",
                        to="incidents.layer",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="on_call_places",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["layer", "position"],
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("layer", "position"), name="member_position_once"
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="layer",
            name="people",
            field=models.ManyToManyField(
                related_name="+", through="incidents.LayerMember", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.CreateModel(
            name="Participant",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("joined_at", models.DateTimeField()),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="participants",
                        to="incidents.incident",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="participations",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["joined_at", "pk"],
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(fields=("person", "incident"), name="participant_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Pin",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
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
                    "entry",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="pin",
                        to="incidents.entry",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="Presence",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("seen_at", models.DateTimeField()),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="presences",
                        to="incidents.incident",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(fields=("incident", "person"), name="present_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Relation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "first",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="related_later",
                        to="incidents.incident",
                    ),
                ),
                (
                    "second",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="related_earlier",
                        to="incidents.incident",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("first", "second"), name="incidents_related_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("first__lt", models.F("second"))),
                        name="incident_related_to_another",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Restriction",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "weekdays",
                    models.PositiveSmallIntegerField(help_text="Bits: 1 is Monday, 64 is Sunday."),
                ),
                ("begins", models.TimeField()),
                ("ends", models.TimeField(help_text="No later than it begins: on the next day.")),
                (
                    "layer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="restrictions",
                        to="incidents.layer",
                    ),
                ),
            ],
            options={
                "ordering": ["layer", "pk"],
                "default_permissions": (),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("weekdays__gte", 1), ("weekdays__lt", 128)),
                        name="restriction_has_a_day",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Rotation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("slug", models.SlugField(max_length=60, unique=True)),
                ("name", models.CharField(max_length=80)),
                ("description", models.CharField(blank=True, max_length=300)),
                (
                    "time_zone",
                    models.CharField(
                        default="UTC",
                        max_length=64,
                        validators=[portal.accounts.models.users.validate_time_zone],
                    ),
                ),
                (
                    "is_always",
                    models.BooleanField(
                        default=True,
                        help_text="Somebody has to be on call at any hour, not only in its own hours.",
                    ),
                ),
                ("holidays_country", models.CharField(blank=True, max_length=2)),
                ("holidays_subdivision", models.CharField(blank=True, max_length=20)),
                ("created_at", models.DateTimeField()),
                (
                    "changed_at",
                    models.DateTimeField(help_text="Overrides and swaps change it, too."),
                ),
                ("archived_at", models.DateTimeField(blank=True, null=True)),
                (
                    "told_until",
                    models.DateTimeField(
                        editable=False, help_text="Shifts that began before were told.", null=True
                    ),
                ),
                ("revision", models.PositiveIntegerField(db_default=0, default=0)),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="rotations",
                        to="accounts.team",
                    ),
                ),
                (
                    "services",
                    models.ManyToManyField(
                        blank=True, related_name="rotations", to="architecture.service"
                    ),
                ),
            ],
            options={
                "ordering": ["name", "pk"],
                "default_permissions": ("add", "change", "view"),
            },
        ),
        migrations.AddField(
            model_name="layer",
            name="rotation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="layers",
                to="incidents.rotation",
            ),
        ),
        migrations.CreateModel(
            name="Feed",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("mark", models.CharField(editable=False, max_length=22)),
                ("created_at", models.DateTimeField()),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="on_call_feeds",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "rotation",
                    models.ForeignKey(
                        blank=True,
                        help_text="Empty: the shifts of the person.",
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="feeds",
                        to="incidents.rotation",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("person", "rotation"), name="feed_of_rotation_once"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("rotation", None)),
                        fields=("person",),
                        name="feed_of_person_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="EscalationTarget",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "channel",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="notifications.channel",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "step",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="targets",
                        to="incidents.escalationstep",
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="accounts.team",
                    ),
                ),
                (
                    "rotation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="escalation_targets",
                        to="incidents.rotation",
                    ),
                ),
            ],
            options={
                "ordering": ["step", "pk"],
                "default_permissions": (),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("channel__isnull", True),
                                ("person__isnull", False),
                                ("rotation__isnull", True),
                                ("team__isnull", True),
                            ),
                            models.Q(
                                ("channel__isnull", True),
                                ("person__isnull", True),
                                ("rotation__isnull", True),
                                ("team__isnull", False),
                            ),
                            models.Q(
                                ("channel__isnull", True),
                                ("person__isnull", True),
                                ("rotation__isnull", False),
                                ("team__isnull", True),
                            ),
                            models.Q(
                                ("channel__isnull", False),
                                ("person__isnull", True),
                                ("rotation__isnull", True),
                                ("team__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="target_is_one_thing",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ServicePolicy",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "policy",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="services",
                        to="incidents.escalationpolicy",
                    ),
                ),
                (
                    "service",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="escalation_policy",
                        to="architecture.service",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="Severity",
            fields=[
                (
                    "level",
                    models.PositiveSmallIntegerField(
                        primary_key=True,
                        serialize=False,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(5),
                        ],
                    ),
                ),
                ("title", models.CharField(help_text="In a word or two.", max_length=60)),
                ("definition", models.TextField(help_text="When it is this bad.", max_length=1000)),
                (
                    "examples",
                    models.TextField(blank=True, help_text="One on each line.", max_length=2000),
                ),
                (
                    "calls",
                    models.BooleanField(
                        default=True,
                        help_text="Call people by the escalation policy; if not, it is a ticket only.",
                    ),
                ),
                (
                    "is_urgent",
                    models.BooleanField(
                        default=True,
                        help_text="Reach people by all their contact methods, also at night.",
                    ),
                ),
                (
                    "acknowledge_minutes",
                    models.PositiveIntegerField(
                        blank=True,
                        help_text="Until somebody says that they have it.",
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(10080),
                        ],
                    ),
                ),
                (
                    "notice_minutes",
                    models.PositiveIntegerField(
                        blank=True,
                        help_text="Until those who must know have heard of it.",
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(10080),
                        ],
                    ),
                ),
                (
                    "update_minutes",
                    models.PositiveIntegerField(
                        blank=True,
                        help_text="Between two updates.",
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(10080),
                        ],
                    ),
                ),
                (
                    "slow_after_minutes",
                    models.PositiveIntegerField(
                        blank=True,
                        help_text="After so long, updates may come at the slower pace.",
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(10080),
                        ],
                    ),
                ),
                (
                    "slow_update_minutes",
                    models.PositiveIntegerField(
                        blank=True,
                        help_text="Between two updates of a long incident.",
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(10080),
                        ],
                    ),
                ),
                (
                    "idle_minutes",
                    models.PositiveIntegerField(
                        blank=True,
                        help_text="Acknowledged and nothing happens for so long: people are called again.",
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(10080),
                        ],
                    ),
                ),
                (
                    "review_days",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        help_text="Until the review is written, from the resolution.",
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(365),
                        ],
                    ),
                ),
                ("review_in_business_days", models.BooleanField(default=False)),
                (
                    "action_days",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        help_text="Until the actions of the review are done.",
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(365),
                        ],
                    ),
                ),
                ("actions_in_business_days", models.BooleanField(default=False)),
                (
                    "needs_approval",
                    models.BooleanField(
                        default=False,
                        help_text="The commander approves what is sent to others than responders.",
                    ),
                ),
                (
                    "audiences",
                    models.JSONField(blank=True, default=list, help_text="Who may be told."),
                ),
                (
                    "source",
                    models.CharField(
                        blank=True, help_text="Where the values come from.", max_length=500
                    ),
                ),
                ("revision", models.PositiveIntegerField(default=0)),
            ],
            options={
                "verbose_name_plural": "severities",
                "ordering": ["level"],
                "default_permissions": ("change", "view"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("level__gte", 1), ("level__lte", 5)),
                        name="severity_level_1_to_5",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="StatusSubscription",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("email", models.EmailField(max_length=254, unique=True)),
                ("asked_at", models.DateTimeField(help_text="When the link to confirm was sent.")),
                ("confirmed_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ["pk"],
                "default_permissions": ("view",),
                "indexes": [
                    models.Index(
                        condition=models.Q(("confirmed_at", None)),
                        fields=["asked_at"],
                        name="subscription_lapsed",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Swap",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("starts_at", models.DateTimeField(help_text="Of the shift that is given away.")),
                ("ends_at", models.DateTimeField()),
                (
                    "back_starts_at",
                    models.DateTimeField(
                        blank=True, help_text="Of the shift in return; null: none.", null=True
                    ),
                ),
                ("back_ends_at", models.DateTimeField(blank=True, null=True)),
                ("message", models.CharField(blank=True, max_length=200)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("proposed", "Proposed"),
                            ("agreed", "Agreed"),
                            ("declined", "Declined"),
                            ("cancelled", "Cancelled"),
                            ("expired", "Expired"),
                        ],
                        default="proposed",
                        max_length=10,
                    ),
                ),
                ("made_at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                (
                    "asked",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="swaps_asked_of",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "asker",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="swaps_asked_for",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "rotation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="swaps",
                        to="incidents.rotation",
                    ),
                ),
            ],
            options={
                "ordering": ["-made_at", "-pk"],
                "default_permissions": ("add",),
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "proposed")),
                        fields=["starts_at"],
                        name="swap_open",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                ["proposed", "agreed", "declined", "cancelled", "expired"],
                            )
                        ),
                        name="swap_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("asker", models.F("asked")), _negated=True),
                        name="swap_of_two_people",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ends_at__gt", models.F("starts_at"))),
                        name="swap_ends_after_it_begins",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("back_ends_at", None), ("back_starts_at", None)),
                            models.Q(
                                ("back_ends_at__gt", models.F("back_starts_at")),
                                ("back_ends_at__isnull", False),
                                ("back_starts_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="swap_return_ends_after_it_begins",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Override",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("reason", models.CharField(blank=True, max_length=200)),
                ("made_at", models.DateTimeField()),
                ("cancelled_at", models.DateTimeField(blank=True, null=True)),
                (
                    "cancelled_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        blank=True,
                        help_text="Empty: nobody, on purpose.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="on_call_overrides",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "rotation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="overrides",
                        to="incidents.rotation",
                    ),
                ),
                (
                    "swap",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="overrides",
                        to="incidents.swap",
                    ),
                ),
            ],
            options={
                "ordering": ["starts_at", "pk"],
                "default_permissions": ("add",),
                "indexes": [
                    models.Index(fields=["rotation", "ends_at"], name="override_of_rotation")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_at__gt", models.F("starts_at"))),
                        name="override_ends_after_it_begins",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Task",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("text", models.CharField(max_length=300)),
                ("added_at", models.DateTimeField()),
                ("done_at", models.DateTimeField(blank=True, null=True)),
                (
                    "done_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="tasks",
                        to="incidents.incident",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="CalendarDay",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField()),
                ("is_working", models.BooleanField(default=False)),
                ("name", models.CharField(blank=True, max_length=100)),
                (
                    "calendar",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="days",
                        to="incidents.workingcalendar",
                    ),
                ),
            ],
            options={
                "ordering": ["day"],
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(fields=("calendar", "day"), name="calendar_day_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Component",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "public_name",
                    models.CharField(help_text="As people outside know it.", max_length=80),
                ),
                (
                    "position",
                    models.PositiveSmallIntegerField(
                        default=0, help_text="The lowest stands first."
                    ),
                ),
                (
                    "is_public",
                    models.BooleanField(
                        default=False,
                        help_text="Show it on the public page, too; if not, on the internal one only.",
                    ),
                ),
                ("revision", models.PositiveIntegerField(default=0)),
                (
                    "service",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="component",
                        to="architecture.service",
                    ),
                ),
            ],
            options={
                "ordering": ["position", "public_name", "pk"],
                "default_permissions": ("add", "change", "delete", "view"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("public_name", ""), _negated=True),
                        name="component_has_a_name",
                    )
                ],
            },
        ),
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(fields=["incident", "at", "id"], name="entry_of_incident"),
        ),
        migrations.AddConstraint(
            model_name="affectedservice",
            constraint=models.UniqueConstraint(
                fields=("incident", "service"), name="affected_once"
            ),
        ),
        migrations.AddIndex(
            model_name="incident",
            index=models.Index(fields=["rule", "-declared_at"], name="incident_of_rule"),
        ),
        migrations.AddConstraint(
            model_name="layer",
            constraint=models.UniqueConstraint(
                fields=("rotation", "position"), name="layer_position_once"
            ),
        ),
    ]
