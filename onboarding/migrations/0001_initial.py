import uuid

import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import onboarding.models.guides
import onboarding.pictures.blurs
import onboarding.pictures.callouts
import onboarding.pictures.pages
import onboarding.videos.media_types
import onboarding.videos.webvtt


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0003_replays"),
        ("accounts", "__first__"),
    ]

    operations = [
        migrations.CreateModel(
            name="Guide",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("slug", models.SlugField(max_length=120, unique=True, verbose_name="address")),
                ("title", models.CharField(max_length=200)),
                (
                    "purpose",
                    models.CharField(
                        blank=True,
                        help_text="What one can do after it, in one sentence.",
                        max_length=300,
                    ),
                ),
                (
                    "audience",
                    models.CharField(
                        blank=True, help_text="Who it is for, in words.", max_length=200
                    ),
                ),
                (
                    "roles",
                    models.JSONField(
                        blank=True,
                        default=list,
                        help_text="The roles that it is offered to; none means everybody.",
                        validators=[onboarding.models.guides.validate_roles],
                    ),
                ),
                (
                    "minutes",
                    models.PositiveSmallIntegerField(
                        default=10,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(600),
                        ],
                    ),
                ),
                (
                    "position",
                    models.PositiveSmallIntegerField(default=0, help_text="Its place in the list."),
                ),
                (
                    "asks_acknowledgement",
                    models.BooleanField(
                        default=False,
                        help_text="Readers confirm at the end that they read and understood it.",
                    ),
                ),
                (
                    "is_tour",
                    models.BooleanField(
                        default=False,
                        help_text="Offered on the first page until it is done.",
                        verbose_name="welcome tour",
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                (
                    "changed_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("archived_at", models.DateTimeField(editable=False, null=True)),
                ("shown_title", models.CharField(blank=True, editable=False, max_length=200)),
                ("shown_purpose", models.CharField(blank=True, editable=False, max_length=300)),
                ("shown_audience", models.CharField(blank=True, editable=False, max_length=200)),
                ("head", models.PositiveIntegerField(default=0, editable=False)),
                ("revision", models.PositiveIntegerField(default=1, editable=False)),
                ("source_hash", models.CharField(blank=True, editable=False, max_length=64)),
                ("source_state", models.CharField(blank=True, editable=False, max_length=64)),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="guides",
                        to="accounts.team",
                    ),
                ),
                (
                    "prerequisites",
                    models.ManyToManyField(
                        blank=True, related_name="prerequisite_of", to="onboarding.guide"
                    ),
                ),
            ],
            options={
                "ordering": ["position", "title", "pk"],
                "permissions": [
                    ("publish_guide", "Can publish and archive guides"),
                    ("view_figures", "Can see how far people are"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("is_tour", True)),
                        fields=("is_tour",),
                        name="one_welcome_tour",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="GuideVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("revision", models.PositiveIntegerField()),
                ("content", models.JSONField()),
                ("hash", models.CharField(max_length=64)),
                ("by_name", models.CharField(blank=True, max_length=150)),
                ("note", models.CharField(blank=True, max_length=300)),
                ("published_at", models.DateTimeField()),
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
                    "guide",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="onboarding.guide",
                    ),
                ),
            ],
            options={
                "ordering": ["guide", "-number"],
                "constraints": [
                    models.UniqueConstraint(fields=("guide", "number"), name="guide_version_once")
                ],
            },
        ),
        migrations.AddField(
            model_name="guide",
            name="published",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="onboarding.guideversion",
            ),
        ),
        migrations.CreateModel(
            name="Progress",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("started_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("seen_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("completed_at", models.DateTimeField(null=True)),
                ("acknowledged_at", models.DateTimeField(null=True)),
                (
                    "guide",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="progress",
                        to="onboarding.guide",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="progress",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="progress",
                        to="onboarding.guideversion",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "progress",
                "ordering": ["-seen_at", "-pk"],
                "indexes": [
                    models.Index(fields=["version", "completed_at"], name="progress_of_version"),
                    models.Index(fields=["user", "-seen_at"], name="progress_of_user"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("user__isnull", False)),
                        fields=("guide", "user"),
                        name="one_progress",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Question",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("slug", models.SlugField(max_length=120, unique=True, verbose_name="address")),
                ("topic", models.CharField(max_length=80)),
                ("question", models.CharField(max_length=300)),
                ("answer", models.TextField(help_text="In Markdown.")),
                ("position", models.PositiveSmallIntegerField(default=0)),
                ("is_published", models.BooleanField(default=True, verbose_name="published")),
                ("html", models.TextField(blank=True, editable=False)),
                ("source_hash", models.CharField(blank=True, editable=False, max_length=64)),
                (
                    "changed_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                (
                    "guides",
                    models.ManyToManyField(
                        blank=True, related_name="questions", to="onboarding.guide"
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="questions",
                        to="accounts.team",
                    ),
                ),
            ],
            options={
                "ordering": ["topic", "position", "question"],
            },
        ),
        migrations.CreateModel(
            name="QuestionFeedback",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("helped", models.BooleanField()),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "question",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="feedback",
                        to="onboarding.question",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "question feedback",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("question", "user"), name="question_feedback_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Screenshot",
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
                ("taken_from", models.CharField(blank=True, max_length=500)),
                ("taken_at", models.DateTimeField(null=True)),
                ("changed", models.FloatField(null=True)),
                (
                    "blurred",
                    models.JSONField(
                        blank=True,
                        default=list,
                        editable=False,
                        validators=[onboarding.pictures.blurs.validate_blurs],
                    ),
                ),
                (
                    "difference",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="onboarding.screenshot",
                    ),
                ),
                (
                    "guide",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="screenshots",
                        to="onboarding.guide",
                    ),
                ),
                (
                    "previous",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="retaken_as",
                        to="onboarding.screenshot",
                    ),
                ),
                (
                    "uploaded_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="screenshots",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-created_at"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="StepProgress",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.UUIDField()),
                ("first_viewed_at", models.DateTimeField()),
                ("done_at", models.DateTimeField(null=True)),
                ("seconds", models.PositiveIntegerField(default=0)),
                (
                    "progress",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="steps",
                        to="onboarding.progress",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["key", "seconds", "progress", "done_at"], name="steps_met")
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("progress", "key"), name="step_progress_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="StuckReport",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.UUIDField()),
                ("step_title", models.CharField(max_length=200)),
                ("text", models.TextField(max_length=5000)),
                ("page", models.CharField(blank=True, max_length=500)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Waiting for an answer"),
                            ("answered", "Answered"),
                            ("closed", "Closed"),
                        ],
                        default="open",
                        max_length=8,
                    ),
                ),
                ("answer", models.TextField(blank=True, max_length=5000)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("answered_at", models.DateTimeField(null=True)),
                (
                    "answered_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "guide",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="stuck",
                        to="onboarding.guide",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="stuck",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="stuck",
                        to="onboarding.guideversion",
                    ),
                ),
            ],
            options={
                "ordering": ["-created_at", "-pk"],
                "indexes": [
                    models.Index(fields=["guide", "state"], name="stuck_of_guide"),
                    models.Index(
                        condition=models.Q(("state", "open")),
                        fields=["created_at"],
                        name="stuck_open",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Video",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("title", models.CharField(max_length=200)),
                ("name", models.CharField(blank=True, editable=False, max_length=60)),
                (
                    "address",
                    models.URLField(
                        blank=True,
                        max_length=500,
                        validators=[onboarding.videos.media_types.validate_address],
                    ),
                ),
                ("content_type", models.CharField(blank=True, editable=False, max_length=40)),
                ("size", models.PositiveBigIntegerField(default=0, editable=False)),
                ("sha256", models.CharField(blank=True, editable=False, max_length=64)),
                (
                    "captions",
                    models.TextField(
                        blank=True,
                        help_text="WebVTT: what is said, with its times.",
                        validators=[onboarding.videos.webvtt.validate_vtt],
                    ),
                ),
                (
                    "chapters",
                    models.TextField(
                        blank=True,
                        help_text="WebVTT: titles of the parts.",
                        validators=[onboarding.videos.webvtt.validate_vtt],
                    ),
                ),
                (
                    "transcript",
                    models.TextField(blank=True, help_text="The whole as text, in Markdown."),
                ),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                (
                    "guide",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="videos",
                        to="onboarding.guide",
                    ),
                ),
                (
                    "poster",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="poster_of",
                        to="onboarding.screenshot",
                    ),
                ),
                (
                    "uploaded_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="videos",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-created_at"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("address__gt", ""), ("name", "")),
                            models.Q(("address", ""), ("name__gt", "")),
                            _connector="OR",
                        ),
                        name="video_here_or_elsewhere",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("name__gt", "")),
                        fields=("name",),
                        name="video_name_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Step",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("position", models.PositiveSmallIntegerField(default=0, editable=False)),
                ("title", models.CharField(max_length=200)),
                (
                    "text",
                    models.TextField(
                        blank=True, help_text="One action, in Markdown.", verbose_name="what to do"
                    ),
                ),
                (
                    "control",
                    models.CharField(
                        blank=True,
                        help_text="The button or field as it is labelled.",
                        max_length=200,
                        verbose_name="named control",
                    ),
                ),
                (
                    "result",
                    models.CharField(
                        blank=True,
                        help_text="What one sees when it worked.",
                        max_length=500,
                        verbose_name="expected result",
                    ),
                ),
                (
                    "callouts",
                    models.JSONField(
                        blank=True,
                        default=list,
                        validators=[onboarding.pictures.callouts.validate_callouts],
                    ),
                ),
                (
                    "page",
                    models.JSONField(
                        blank=True,
                        default=dict,
                        validators=[onboarding.pictures.pages.validate_page],
                    ),
                ),
                (
                    "flag",
                    models.CharField(
                        blank=True,
                        editable=False,
                        help_text="What is wrong with its picture.",
                        max_length=300,
                    ),
                ),
                (
                    "guide",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="steps",
                        to="onboarding.guide",
                    ),
                ),
                (
                    "screenshot",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="onboarding.screenshot",
                    ),
                ),
                (
                    "video",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="onboarding.video",
                    ),
                ),
            ],
            options={
                "ordering": ["guide", "position", "pk"],
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
                ("everybody_new", models.BooleanField(default=False)),
                ("due_on", models.DateField(blank=True, null=True)),
                (
                    "due_days",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        help_text="Days after somebody joined; for everybody new.",
                        null=True,
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("withdrawn_at", models.DateTimeField(editable=False, null=True)),
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
                    "team",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="assignments",
                        to="accounts.team",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="assignments",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "guide",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="assignments",
                        to="onboarding.guide",
                    ),
                ),
            ],
            options={
                "ordering": [models.OrderBy(models.F("due_on"), nulls_last=True), "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("everybody_new", False), ("team", None), ("user__isnull", False)
                            ),
                            models.Q(
                                ("everybody_new", False), ("team__isnull", False), ("user", None)
                            ),
                            models.Q(("everybody_new", True), ("team", None), ("user", None)),
                            _connector="OR",
                        ),
                        name="assigned_to_one",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("user__isnull", False), ("withdrawn_at", None)),
                        fields=("guide", "user"),
                        name="assigned_once_to_user",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("team__isnull", False), ("withdrawn_at", None)),
                        fields=("guide", "team"),
                        name="assigned_once_to_team",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("everybody_new", True), ("withdrawn_at", None)),
                        fields=("guide",),
                        name="assigned_once_to_new",
                    ),
                ],
            },
        ),
    ]
