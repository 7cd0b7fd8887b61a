from django.db import migrations

from portal.accounts.roles import granting

GRANTS = {
    "reader": (
        "incidents.view_rotation",
        "incidents.view_incident",
        "incidents.view_severity",
        "incidents.view_escalationpolicy",
        "incidents.view_workingcalendar",
        "incidents.view_incidentrule",
        "incidents.view_communicationtemplate",
        "incidents.view_component",
    ),
    "responder": (
        "incidents.add_override",
        "incidents.add_swap",
        "incidents.add_incident",
        "incidents.change_incident",
        "incidents.view_audience",
    ),
    "approver": (
        "incidents.add_rotation",
        "incidents.change_rotation",
    ),
    "operator": (
        "incidents.view_restricted_incident",
        "incidents.change_severity",
        "incidents.add_escalationpolicy",
        "incidents.change_escalationpolicy",
        "incidents.change_workingcalendar",
        "incidents.add_incidentrule",
        "incidents.change_incidentrule",
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
        ("incidents", "0001_incidents"),
        ("accounts", "0002_roles"),
    ]

    operations = [
        migrations.RunPython(granting(GRANTS), migrations.RunPython.noop),
    ]
