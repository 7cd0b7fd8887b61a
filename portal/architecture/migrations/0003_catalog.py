import django.core.validators
import django.db.models.deletion
import django.db.models.functions.comparison
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_replays"),
        ("architecture", "0002_roles"),
    ]

    operations = [
        migrations.CreateModel(
            name="Zone",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("slug", models.SlugField(max_length=60, unique=True)),
                ("name", models.CharField(max_length=120)),
                ("description", models.TextField(blank=True)),
                (
                    "ranges",
                    models.CharField(
                        blank=True,
                        help_text="Its networks, such as 10.1.0.0/16, 2001:db8::/32.",
                        max_length=500,
                    ),
                ),
            ],
            options={
                "ordering": ["name", "pk"],
            },
        ),
        migrations.AddField(
            model_name="service",
            name="dashboard",
            field=models.URLField(blank=True, max_length=500),
        ),
        migrations.AddField(
            model_name="service",
            name="kind",
            field=models.CharField(
                choices=[
                    ("web", "Web site"),
                    ("api", "API"),
                    ("worker", "Worker"),
                    ("job", "Scheduled job"),
                    ("database", "Database"),
                    ("queue", "Queue"),
                    ("cache", "Cache"),
                    ("storage", "Storage"),
                    ("infrastructure", "Infrastructure"),
                    ("other", "Other"),
                ],
                default="other",
                max_length=20,
            ),
        ),
        migrations.AddField(
            model_name="service",
            name="logs",
            field=models.URLField(blank=True, max_length=500),
        ),
        migrations.AddField(
            model_name="service",
            name="part_of",
            field=models.ForeignKey(
                blank=True,
                help_text="The service that this is a component of.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="components",
                to="architecture.service",
            ),
        ),
        migrations.AddField(
            model_name="service",
            name="repository",
            field=models.URLField(blank=True, max_length=500),
        ),
        migrations.CreateModel(
            name="ConfigurationItem",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                (
                    "kind",
                    models.CharField(
                        choices=[("variable", "Environment variable"), ("secret", "Secret")],
                        default="variable",
                        max_length=10,
                    ),
                ),
                ("purpose", models.CharField(blank=True, max_length=300)),
                ("required", models.BooleanField(default=False)),
                (
                    "example",
                    models.CharField(blank=True, help_text="Never for a secret.", max_length=200),
                ),
                (
                    "kept_in",
                    models.CharField(
                        blank=True,
                        help_text="Such as a path in a vault.",
                        max_length=200,
                        verbose_name="where the secret lives",
                    ),
                ),
                (
                    "rotation_days",
                    models.PositiveIntegerField(
                        blank=True,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(1)],
                        verbose_name="rotate every … days",
                    ),
                ),
                (
                    "rotated_on",
                    models.DateField(blank=True, null=True, verbose_name="last rotation"),
                ),
                (
                    "service",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="configuration",
                        to="architecture.service",
                    ),
                ),
            ],
            options={
                "ordering": ["service", "name", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("service", "name"), name="configuration_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "secret"), _negated=True),
                            ("example", ""),
                            _connector="OR",
                        ),
                        name="secret_without_example",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Integration",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("slug", models.SlugField(max_length=60, unique=True)),
                ("name", models.CharField(max_length=120)),
                ("description", models.TextField(blank=True, verbose_name="purpose")),
                ("provider", models.CharField(blank=True, max_length=120)),
                (
                    "direction",
                    models.CharField(
                        choices=[
                            ("outbound", "We call it"),
                            ("inbound", "It calls us"),
                            ("both", "Both ways"),
                        ],
                        default="outbound",
                        max_length=10,
                    ),
                ),
                ("address", models.URLField(blank=True, max_length=500)),
                ("status_page", models.URLField(blank=True, max_length=500)),
                (
                    "contact",
                    models.CharField(
                        blank=True, help_text="Whom to call, and where.", max_length=200
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="integrations",
                        to="accounts.team",
                    ),
                ),
            ],
            options={
                "ordering": ["name", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Dependency",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "hard",
                    models.BooleanField(
                        default=True,
                        help_text="Without it the service does not work; otherwise it only does less.",
                    ),
                ),
                ("protocol", models.CharField(blank=True, max_length=40)),
                (
                    "port",
                    models.PositiveIntegerField(
                        blank=True,
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(65535),
                        ],
                    ),
                ),
                (
                    "data",
                    models.CharField(
                        blank=True, help_text="What data goes this way.", max_length=200
                    ),
                ),
                (
                    "classification",
                    models.CharField(
                        choices=[
                            ("public", "Public"),
                            ("internal", "Internal"),
                            ("confidential", "Confidential"),
                            ("restricted", "Restricted"),
                        ],
                        default="internal",
                        max_length=12,
                    ),
                ),
                ("description", models.CharField(blank=True, max_length=300)),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="dependencies",
                        to="architecture.service",
                    ),
                ),
                (
                    "target",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="dependents",
                        to="architecture.service",
                    ),
                ),
                (
                    "integration",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="dependents",
                        to="architecture.integration",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "dependencies",
                "ordering": ["source", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("integration", None), ("target__isnull", False)),
                            models.Q(("integration__isnull", False), ("target", None)),
                            _connector="OR",
                        ),
                        name="dependency_has_one_end",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("target", None),
                            models.Q(("target", models.F("source")), _negated=True),
                            _connector="OR",
                        ),
                        name="dependency_is_not_on_itself",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("port", None),
                            models.Q(("port__gte", 1), ("port__lte", 65535)),
                            _connector="OR",
                        ),
                        name="dependency_port_exists",
                    ),
                    models.UniqueConstraint(
                        models.F("source"),
                        django.db.models.functions.comparison.Coalesce("target", 0),
                        django.db.models.functions.comparison.Coalesce("integration", 0),
                        models.F("protocol"),
                        django.db.models.functions.comparison.Coalesce("port", 0),
                        name="dependency_once",
                        violation_error_message="This dependency is there already.",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="service",
            name="zone",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="services",
                to="architecture.zone",
            ),
        ),
        migrations.AddConstraint(
            model_name="service",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("part_of", None),
                    models.Q(("part_of", models.F("pk")), _negated=True),
                    _connector="OR",
                ),
                name="service_is_not_part_of_itself",
            ),
        ),
    ]
