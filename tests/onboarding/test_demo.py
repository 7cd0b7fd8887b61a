"""What the demo shows of guides."""

import pytest
from django.core.management import CommandError, call_command

from onboarding.models import Guide, Question, StuckReport
from portal.accounts.models import Team

pytestmark = pytest.mark.django_db


def test_the_guides_that_ship_are_there_with_people_in_them(people):
    Team.objects.create(slug="platform", name="Platform")
    for _ in range(2):
        call_command("load_demo_guides")

    tour = Guide.objects.get(is_tour=True)
    done = {str(row.user.username): len(row.done_keys()) for row in tour.progress.all()}
    assert Guide.objects.published().count() == 5
    assert done == {"alice": 6, "paul": 6, "rita": 6, "nina": 3}
    assert [row.user.username for row in StuckReport.objects.open()] == ["nina"]
    assert Question.objects.exclude(html="").count() >= 20
    assert [str(guide) for guide in Guide.objects.open_for(people["responder"])] == [
        "Follow a runbook"
    ]


def test_it_needs_the_people_of_the_demo(db):
    with pytest.raises(CommandError, match="load_demo first"):
        call_command("load_demo_guides")
