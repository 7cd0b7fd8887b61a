"""The five severities that ship. Minutes and days are those of PagerDuty's public incident response
documentation (Apache 2.0) where it has one, and ours where it has none; all are to be edited."""

from django.db import migrations

PACE = "PagerDuty's incident response documentation, external communication and postmortem process"
OURS = "This portal's own choice"

SEVERITIES = [
    {
        "level": 1,
        "title": "Critical",
        "definition": "All or most customers cannot use the product, or data is at risk of being "
        "lost or seen by strangers.",
        "examples": "The site answers nobody\nOrders are lost\nCustomers see data of others",
        "acknowledge_minutes": 5,
        "notice_minutes": 5,
        "update_minutes": 20,
        "slow_after_minutes": 120,
        "slow_update_minutes": 60,
        "idle_minutes": 30,
        "review_days": 3,
        "action_days": 30,
        "needs_approval": True,
        "audiences": ["responders", "executives", "customers", "partners"],
        "source": f"{PACE}; the rest: {OURS.lower()}",
    },
    {
        "level": 2,
        "title": "Major",
        "definition": "Many customers are hurt, or an important part of the product fails for all.",
        "examples": "Checkout fails for one in ten\nSign-in takes a minute\nA region is down",
        "acknowledge_minutes": 5,
        "notice_minutes": 10,
        "update_minutes": 20,
        "slow_after_minutes": 120,
        "slow_update_minutes": 60,
        "idle_minutes": 60,
        "review_days": 5,
        "review_in_business_days": True,
        "action_days": 30,
        "needs_approval": True,
        "audiences": ["responders", "executives", "customers", "partners"],
        "source": f"{PACE}; the rest: {OURS.lower()}",
    },
    {
        "level": 3,
        "title": "Minor",
        "definition": "Some customers notice a part of it, and there is a way around; or it becomes "
        "worse unless somebody acts today.",
        "examples": "An export fails\nA replica is gone\nA disk is full tomorrow",
        "acknowledge_minutes": 15,
        "notice_minutes": 60,
        "update_minutes": 120,
        "idle_minutes": 240,
        "review_days": 10,
        "review_in_business_days": True,
        "action_days": 60,
        "audiences": ["responders", "executives"],
        "source": OURS,
    },
    {
        "level": 4,
        "title": "Low",
        "definition": "Nobody outside notices, and it may wait for the next working day.",
        "examples": "A job was late\nA dashboard is empty\nA certificate expires in two weeks",
        "is_urgent": False,
        "acknowledge_minutes": 480,
        "action_days": 60,
        "audiences": ["responders"],
        "source": OURS,
    },
    {
        "level": 5,
        "title": "Ticket",
        "definition": "Something to look at in working hours: nobody is called.",
        "examples": "A warning that came once\nA question of a customer",
        "calls": False,
        "is_urgent": False,
        "audiences": ["responders"],
        "source": OURS,
    },
]


def ship(apps, schema_editor):
    """What an operator has made before stays as it is."""
    severities = apps.get_model("incidents", "Severity").objects
    for each in SEVERITIES:
        severities.get_or_create(level=each["level"], defaults=each)


class Migration(migrations.Migration):
    dependencies = [
        ("incidents", "0002_roles"),
    ]

    operations = [
        migrations.RunPython(ship, migrations.RunPython.noop),
    ]
