from django.db import migrations

from portal.accounts.roles import granting

GRANTS = {
    "reader": (
        "incidents.view_communicationtemplate",
        "incidents.view_component",
    ),
    "responder": ("incidents.view_audience",),
    "operator": (
        "incidents.add_communicationtemplate",
        "incidents.change_communicationtemplate",
        "incidents.change_audience",
        "incidents.add_component",
        "incidents.change_component",
        "incidents.delete_component",
        "incidents.view_statussubscription",
    ),
}


class Migration(migrations.Migration):
    dependencies = [
        ("incidents", "0005_communication_templates"),
        ("accounts", "0002_roles"),
    ]

    operations = [
        migrations.RunPython(granting(GRANTS), migrations.RunPython.noop),
    ]
