"""What the demo shows of guides."""

import pytest
from django.core.management import CommandError, call_command

from onboarding.models import Guide, Progress, Question, StuckReport
from portal.accounts.models import Team

pytestmark = pytest.mark.django_db


def test_a_guide_with_people_in_it_is_made_once(people):
    Team.objects.create(slug="platform", name="Platform")
    for _ in range(2):
        call_command("load_demo_guides")

    guide = Guide.objects.get()
    done = {str(row.user.username): len(row.done_keys()) for row in Progress.objects.all()}
    assert done == {"alice": 4, "paul": 4, "nina": 2}
    assert [row.user.username for row in StuckReport.objects.open()] == ["nina"]
    assert Question.objects.exclude(html="").count() == 3
    assert set(Guide.objects.open_for(people["responder"])) == {guide}


def test_it_needs_the_people_of_the_demo(db):
    with pytest.raises(CommandError, match="load_demo first"):
        call_command("load_demo_guides")
