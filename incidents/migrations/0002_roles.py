from django.db import migrations

from portal.accounts.roles import granting

GRANTS = {
    "reader": (
        "incidents.view_incident",
        "incidents.view_severity",
        "incidents.view_escalationpolicy",
        "incidents.view_workingcalendar",
    ),
    "responder": ("incidents.add_incident", "incidents.change_incident"),
    "operator": (
        "incidents.view_restricted_incident",
        "incidents.change_severity",
        "incidents.add_escalationpolicy",
        "incidents.change_escalationpolicy",
        "incidents.change_workingcalendar",
    ),
}


class Migration(migrations.Migration):
    dependencies = [
        ("incidents", "0001_incidents"),
        ("accounts", "0002_roles"),
    ]

    operations = [
        migrations.RunPython(granting(GRANTS), migrations.RunPython.noop),
    ]
