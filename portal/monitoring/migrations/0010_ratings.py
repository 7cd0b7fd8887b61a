import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

BEFORE, SINCE = "judge_alert", "rate_alert"


def _renaming(old: str, new: str):
    """A function for RunPython: the same permission under another name, with all who hold it."""

    def rename(apps, schema_editor):
        ours = apps.get_model("auth", "Permission").objects.filter(
            content_type__app_label="monitoring", content_type__model="alert"
        )
        ours.filter(codename=old).update(codename=new)

    return rename


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("monitoring", "0009_fill_search"),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="judgement", name="judgement_once_per_person"),
        migrations.RenameModel(old_name="Judgement", new_name="Rating"),
        migrations.AlterField(
            model_name="rating",
            name="alert",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="ratings",
                to="monitoring.alert",
            ),
        ),
        migrations.AlterField(
            model_name="rating",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="alert_ratings",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            model_name="rating",
            constraint=models.UniqueConstraint(
                fields=("alert", "person"), name="rating_once_per_person"
            ),
        ),
        migrations.AlterModelOptions(
            name="alert",
            options={
                "default_permissions": ("view",),
                "ordering": ["-starts_at", "-pk"],
                "permissions": [
                    ("acknowledge_alert", "Can acknowledge an alert"),
                    ("rate_alert", "Can rate an alert as useful or noise"),
                    ("resolve_alert", "Can resolve an alert by hand"),
                ],
            },
        ),
        migrations.RunPython(_renaming(BEFORE, SINCE), _renaming(SINCE, BEFORE)),
    ]
