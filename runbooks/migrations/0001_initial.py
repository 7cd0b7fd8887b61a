import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
        ("accounts", "__first__"),
        ("architecture", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Runbook",
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
                    "section",
                    models.CharField(
                        choices=[
                            ("runbooks", "Runbooks"),
                            ("incident-response", "Incident response"),
                            ("user-guide", "User guide"),
                            ("api", "API"),
                            ("architecture", "Architecture"),
                            ("disaster-recovery", "Disaster recovery"),
                        ],
                        default="runbooks",
                        max_length=20,
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("deployment", "Deployment"),
                            ("rollback", "Rollback"),
                            ("configuration", "Configuration"),
                            ("troubleshooting", "Troubleshooting"),
                            ("recovery", "Recovery"),
                            ("maintenance", "Maintenance"),
                            ("incident-response", "Incident response"),
                            ("reference", "Reference"),
                        ],
                        default="reference",
                        max_length=20,
                    ),
                ),
                (
                    "review_days",
                    models.PositiveSmallIntegerField(
                        default=180,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(1825),
                        ],
                        verbose_name="review every … days",
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
                ("head", models.PositiveIntegerField(default=0, editable=False)),
                ("summary", models.CharField(blank=True, editable=False, max_length=300)),
                ("reviewed_at", models.DateTimeField(editable=False, null=True)),
                ("review_due", models.DateField(editable=False, null=True)),
                ("review_asked", models.CharField(blank=True, editable=False, max_length=300)),
                ("revision", models.PositiveIntegerField(default=0, editable=False)),
                ("source_path", models.CharField(editable=False, max_length=500, unique=True)),
                ("source_hash", models.CharField(blank=True, editable=False, max_length=64)),
                ("earlier_history", models.JSONField(default=list, editable=False)),
                (
                    "merged_into",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="merged_from",
                        to="runbooks.runbook",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="runbooks",
                        to="accounts.team",
                    ),
                ),
                (
                    "services",
                    models.ManyToManyField(
                        blank=True, related_name="runbooks", to="architecture.service"
                    ),
                ),
            ],
            options={
                "ordering": ["title", "pk"],
                "permissions": [
                    ("archive_runbook", "Can archive a runbook and take it back"),
                    ("merge_runbook", "Can merge a runbook into another"),
                ],
                "indexes": [
                    models.Index(fields=["title", "id"], name="runbook_by_title"),
                    models.Index(fields=["review_due", "id"], name="runbook_by_review"),
                    models.Index(fields=["-changed_at", "-id"], name="runbook_by_change"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("merged_into", None), ("archived_at__isnull", False), _connector="OR"
                        ),
                        name="merged_is_archived",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SearchWord",
            fields=[
                ("word", models.CharField(max_length=40, primary_key=True, serialize=False)),
            ],
            options={
                "ordering": ["word"],
            },
        ),
        migrations.CreateModel(
            name="Template",
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
                            ("deployment", "Deployment"),
                            ("rollback", "Rollback"),
                            ("configuration", "Configuration"),
                            ("troubleshooting", "Troubleshooting"),
                            ("recovery", "Recovery"),
                            ("maintenance", "Maintenance"),
                            ("incident-response", "Incident response"),
                            ("reference", "Reference"),
                        ],
                        max_length=20,
                        unique=True,
                    ),
                ),
                (
                    "text",
                    models.TextField(
                        help_text="Its second-level headings are the sections that each runbook of the kind needs."
                    ),
                ),
            ],
            options={
                "ordering": ["kind"],
            },
        ),
        migrations.CreateModel(
            name="SearchEntry",
            fields=[
                (
                    "runbook",
                    models.OneToOneField(
                        db_column="rowid",
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        primary_key=True,
                        related_name="search_entry",
                        serialize=False,
                        to="runbooks.runbook",
                    ),
                ),
                ("published", models.CharField(max_length=1)),
                ("title", models.TextField()),
                ("names", models.TextField()),
                ("body", models.TextField()),
            ],
            options={
                "db_table": "runbooks_search",
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="Address",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("slug", models.SlugField(max_length=120, unique=True)),
                (
                    "runbook",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="addresses",
                        to="runbooks.runbook",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "addresses",
                "ordering": ["slug"],
            },
        ),
        migrations.CreateModel(
            name="AlertName",
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
                        max_length=200,
                        unique=True,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[^\\s/]+$", "An alert name has no spaces and no slashes."
                            )
                        ],
                    ),
                ),
                (
                    "runbook",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="alerts",
                        to="runbooks.runbook",
                    ),
                ),
            ],
            options={
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="Gap",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=200, unique=True)),
                ("count", models.PositiveIntegerField(default=1)),
                ("first_at", models.DateTimeField()),
                ("last_at", models.DateTimeField()),
            ],
            options={
                "ordering": ["-count", "name"],
                "indexes": [models.Index(fields=["-count", "name"], name="gap_most_wanted")],
            },
        ),
        migrations.CreateModel(
            name="Image",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(editable=False, max_length=60, unique=True)),
                ("source_path", models.CharField(blank=True, db_index=True, max_length=500)),
                ("alt", models.CharField(blank=True, max_length=300, verbose_name="description")),
                ("width", models.PositiveIntegerField()),
                ("height", models.PositiveIntegerField()),
                ("content_type", models.CharField(max_length=40)),
                ("sha256", models.CharField(max_length=64)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "runbook",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="images",
                        to="runbooks.runbook",
                    ),
                ),
                (
                    "uploaded_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="images",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-created_at"],
            },
        ),
        migrations.CreateModel(
            name="Link",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("address", models.CharField(max_length=2000)),
                ("anchor", models.CharField(blank=True, max_length=500)),
                ("text", models.CharField(blank=True, max_length=500)),
                ("line", models.PositiveIntegerField(default=0)),
                ("broken", models.BooleanField(default=False)),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="links",
                        to="runbooks.runbook",
                    ),
                ),
                (
                    "target",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="linked_from",
                        to="runbooks.runbook",
                    ),
                ),
            ],
            options={
                "ordering": ["source", "line"],
            },
        ),
        migrations.CreateModel(
            name="Version",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("in_review", "In review"),
                            ("published", "Published"),
                            ("superseded", "Superseded"),
                            ("rejected", "Rejected"),
                        ],
                        default="draft",
                        max_length=10,
                    ),
                ),
                ("text", models.TextField(blank=True)),
                ("note", models.CharField(blank=True, max_length=500)),
                ("author_name", models.CharField(blank=True, max_length=120)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("based_on", models.PositiveIntegerField(default=0)),
                ("restored_from", models.PositiveIntegerField(null=True)),
                ("submitted_at", models.DateTimeField(null=True)),
                ("reviewed_at", models.DateTimeField(null=True)),
                ("review_note", models.CharField(blank=True, max_length=1000)),
                ("published_at", models.DateTimeField(null=True)),
                ("hash", models.CharField(max_length=64)),
                ("html", models.TextField(blank=True)),
                ("plain", models.TextField(blank=True)),
                ("lede", models.CharField(blank=True, max_length=300)),
                ("toc", models.JSONField(default=list)),
                ("steps", models.JSONField(default=list)),
                ("parameters", models.JSONField(default=list)),
                ("problems", models.JSONField(default=list)),
                (
                    "author",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="versions",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "reviewer",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="reviews",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "runbook",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="runbooks.runbook",
                    ),
                ),
            ],
            options={
                "ordering": ["runbook", "-number"],
                "permissions": [
                    ("approve_version", "Can approve or reject somebody else's version"),
                    ("publish_version", "Can publish an approved version"),
                ],
                "indexes": [models.Index(fields=["state", "submitted_at"], name="version_queue")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("runbook", "number"), name="version_number_once"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ("draft", "in_review"))),
                        fields=("runbook",),
                        name="one_open_version",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "published")),
                        fields=("runbook",),
                        name="one_published_version",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("based_on__lt", models.F("number"))),
                        name="version_based_on_earlier",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="runbook",
            name="published",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="runbooks.version",
            ),
        ),
        migrations.CreateModel(
            name="Feedback",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("helpful", models.BooleanField()),
                ("reason", models.CharField(blank=True, max_length=1000)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "runbook",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="feedback",
                        to="runbooks.runbook",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="feedback",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="feedback",
                        to="runbooks.version",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "feedback",
                "ordering": ["-created_at"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("version", "user"), name="one_feedback_per_reader"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="WorkingCopy",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("title", models.CharField(blank=True, max_length=200)),
                ("text", models.TextField(blank=True)),
                ("note", models.CharField(blank=True, max_length=500)),
                ("based_on", models.PositiveIntegerField(default=0)),
                ("saved_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "runbook",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="working_copies",
                        to="runbooks.runbook",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="working_copies",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "working copies",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("user", "runbook"), name="one_working_copy_per_runbook"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("runbook", None)),
                        fields=("user",),
                        name="one_working_copy_of_a_new_runbook",
                    ),
                ],
            },
        ),
    ]
