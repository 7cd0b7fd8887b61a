import datetime

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import portal.notifications.models.quiet_hours


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "__first__"),
        ("notifications", "0007_channel_roles"),
    ]

    operations = [
        migrations.CreateModel(
            name="ContactMethod",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "failures",
                    models.PositiveIntegerField(default=0, editable=False, help_text="In a row."),
                ),
                ("failing_since", models.DateTimeField(blank=True, editable=False, null=True)),
                ("rests_until", models.DateTimeField(blank=True, editable=False, null=True)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="contact_methods",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("mail", "E-mail address"),
                            ("service", "Chat, push, SMS or voice service"),
                        ],
                        max_length=10,
                    ),
                ),
                ("label", models.CharField(blank=True, max_length=60)),
                (
                    "address",
                    models.TextField(
                        blank=True, help_text="A secret; forgotten when it is removed."
                    ),
                ),
                (
                    "shown",
                    models.CharField(help_text="The address as people may see it.", max_length=254),
                ),
                ("position", models.PositiveSmallIntegerField()),
                (
                    "least_urgency",
                    models.CharField(
                        choices=[("high", "High"), ("low", "Low")], default="high", max_length=10
                    ),
                ),
                ("verified_at", models.DateTimeField(blank=True, null=True)),
                ("code_salt", models.CharField(blank=True, max_length=32)),
                ("code_until", models.DateTimeField(blank=True, null=True)),
                ("code_tries", models.PositiveSmallIntegerField(default=0)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "removed_at",
                    models.DateTimeField(blank=True, help_text="Its messages stay.", null=True),
                ),
            ],
            options={
                "ordering": ["person", "position", "pk"],
                "default_permissions": (),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["mail", "service"])),
                        name="contact_method_known_kind",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("least_urgency__in", ["high", "low"])),
                        name="contact_method_known_urgency",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("removed_at__isnull", True), ("address", ""), _connector="OR"
                        ),
                        name="contact_method_forgotten_when_removed",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="QuietHours",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "person",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="quiet_hours",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("starts", models.TimeField(default=datetime.time(22, 0))),
                ("ends", models.TimeField(default=datetime.time(7, 0))),
                (
                    "weekdays",
                    models.JSONField(
                        blank=True,
                        default=portal.notifications.models.quiet_hours.every_day,
                        help_text="On which they begin; Monday is 0.",
                    ),
                ),
                (
                    "wakes_for",
                    models.CharField(
                        choices=[("urgent", "Urgent messages"), ("nothing", "Nothing")],
                        db_default="urgent",
                        default="urgent",
                        max_length=10,
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "quiet hours",
                "default_permissions": (),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("wakes_for__in", ["urgent", "nothing"])),
                        name="quiet_hours_known_level",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("starts", models.F("ends")), _negated=True),
                        name="quiet_hours_end",
                    ),
                ],
            },
        ),
        migrations.RemoveConstraint(
            model_name="delivery",
            name="delivery_once_per_person",
        ),
        migrations.AddField(
            model_name="delivery",
            name="contact_method",
            field=models.ForeignKey(
                blank=True,
                help_text="Of the recipient, beside the address in the profile.",
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="deliveries",
                to="notifications.contactmethod",
            ),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.UniqueConstraint(
                condition=models.Q(("contact_method__isnull", True), ("recipient__isnull", False)),
                fields=("key", "recipient"),
                name="delivery_once_per_person",
            ),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.UniqueConstraint(
                condition=models.Q(("contact_method__isnull", False)),
                fields=("key", "contact_method"),
                name="delivery_once_per_method",
            ),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.UniqueConstraint(
                condition=models.Q(("contact_method__isnull", False), ("state", "sending")),
                fields=("contact_method",),
                name="delivery_one_at_a_time_per_method",
            ),
        ),
    ]
