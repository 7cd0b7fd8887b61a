from django.db import migrations

from portal.accounts.roles import granting

GRANTS = {
    "reader": ("runbooks.view_runbook", "runbooks.add_feedback"),
    "author": (
        "runbooks.view_version",
        "runbooks.add_version",
        "runbooks.add_runbook",
        "runbooks.change_runbook",
        "runbooks.add_image",
        "runbooks.change_image",
        "runbooks.view_image",
        "runbooks.view_template",
        "runbooks.view_feedback",
        "runbooks.view_gap",
        "runbooks.view_link",
    ),
    "approver": (
        "runbooks.approve_version",
        "runbooks.publish_version",
        "runbooks.archive_runbook",
        "runbooks.merge_runbook",
    ),
    "operator": ("runbooks.add_template", "runbooks.change_template"),
}


class Migration(migrations.Migration):
    dependencies = [("runbooks", "0001_initial"), ("architecture", "0002_roles")]

    operations = [migrations.RunPython(granting(GRANTS), migrations.RunPython.noop)]
