import django.db.models.deletion
from django.db import migrations, models

KINDS = ("person", "team", "rotation", "channel")


def exactly_one():
    found = models.Q()
    for each in KINDS:
        found |= models.Q(**{f"{name}__isnull": name != each for name in KINDS})
    return found


class Migration(migrations.Migration):
    """Steps may aim at rotations. It also joins the two histories of this app."""

    dependencies = [
        ("incidents", "0004_calls"),
        ("incidents", "0002_on_call_roles"),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="escalationtarget", name="target_is_one_thing"),
        migrations.AddField(
            model_name="escalationtarget",
            name="rotation",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="escalation_targets",
                to="incidents.rotation",
            ),
        ),
        migrations.AlterField(
            model_name="call",
            name="kind",
            field=models.CharField(
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
        migrations.AddConstraint(
            model_name="escalationtarget",
            constraint=models.CheckConstraint(condition=exactly_one(), name="target_is_one_thing"),
        ),
    ]
