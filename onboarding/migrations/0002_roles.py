from django.db import migrations

from portal.accounts.roles import granting

GRANTS = {
    "reader": (
        "onboarding.view_guide",
        "onboarding.add_progress",
        "onboarding.add_stuckreport",
        "onboarding.view_question",
        "onboarding.add_questionfeedback",
    ),
    "author": (
        "onboarding.add_guide",
        "onboarding.change_guide",
        "onboarding.publish_guide",
        "onboarding.view_figures",
        *(
            f"onboarding.{verb}_{model}"
            for model in ("step", "screenshot", "video", "question", "assignment")
            for verb in ("view", "add", "change", "delete")
        ),
        "onboarding.view_guideversion",
        "onboarding.view_stuckreport",
        "onboarding.change_stuckreport",
        "onboarding.view_questionfeedback",
    ),
    "approver": ("onboarding.view_progress",),
    "operator": ("onboarding.delete_guide", "onboarding.change_progress"),
}


class Migration(migrations.Migration):
    dependencies = [("onboarding", "0001_initial"), ("accounts", "0002_roles")]

    operations = [migrations.RunPython(granting(GRANTS), migrations.RunPython.noop)]
