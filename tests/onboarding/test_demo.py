"""What the demo shows of guides."""

from functools import partial

import pytest
from django.conf import settings
from django.utils import timezone

from onboarding import demo
from onboarding.models import (
    Guide,
    Progress,
    Question,
    Screenshot,
    Step,
    StuckReport,
    Video,
)
from portal.accounts.models import Team
from portal.core.ops.demo import World

pytestmark = [pytest.mark.django_db, pytest.mark.anywhere]


def load(people) -> World:
    """The part of the demo that is about guides, with people that stand in for those below."""
    names = {person.username: person for person in people.values()}
    world = World(timezone.now(), "", settings.BASE_DIR / "docs", people=names)
    demo.load(world)
    return world


def load_first(people) -> list:
    """The rows that have files."""
    Team.objects.create(slug="platform", name="Platform")
    assert load(people).refused == []
    return [*Screenshot.objects.all(), *Video.objects.exclude(name="")]


@pytest.fixture
def loaded(once, people):
    once(("guides of the demo",), partial(load_first, people))


def test_the_guides_that_ship_are_there_with_people_in_them(people, loaded):
    assert load(people).refused == []

    tour = Guide.objects.get(is_tour=True)
    done = {str(row.user.username): len(row.done_keys()) for row in tour.progress.all()}
    assert Guide.objects.published().count() == 6
    assert done == {"alice": 6, "paul": 6, "rita": 6, "nina": 3}
    assert [row.user.username for row in StuckReport.objects.open()] == ["nina"]
    assert Question.objects.exclude(html="").count() == 33
    assert Progress.objects.filter(guide__slug="your-first-week-on-call").count() == 2
    assert [str(guide) for guide in Guide.objects.open_for(people["responder"])] == [
        "Follow a runbook"
    ]


def test_lines_that_ship_have_no_marks_of_markdown(loaded):
    lines = list(Question.objects.values_list("question", "topic"))
    lines += Step.objects.values_list("title", "control", "result")
    assert [line for row in lines for line in row if "`" in line or "**" in line] == []


def test_for_whom_a_guide_is_goes_on_in_a_sentence(loaded):
    words = Guide.objects.values_list("shown_audience", flat=True)
    assert [each for each in words if not each[:1].islower()] == []
