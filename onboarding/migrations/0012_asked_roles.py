from django.db import migrations

from portal.accounts.roles import granting

GRANTS = {
    "reader": ("onboarding.add_askedquestion",),
    "author": ("onboarding.view_askedquestion", "onboarding.change_askedquestion"),
}


class Migration(migrations.Migration):
    dependencies = [("onboarding", "0011_asked_questions")]

    operations = [migrations.RunPython(granting(GRANTS), migrations.RunPython.noop)]
