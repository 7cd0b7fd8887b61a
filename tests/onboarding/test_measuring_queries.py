"""Pages and answers about measuring ask as often for many people, guides and reports as for few."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from onboarding.models import Assignment, Guide, Progress, StepProgress, StuckReport
from portal.accounts.models import Team, User

pytestmark = pytest.mark.django_db
PAGES = (
    "/guides/figures/",
    "/guides/figures.csv",
    "/guides/first-day/figures/",
    "/guides/first-day/figures.csv",
    "/guides/first-day/people.csv",
    "/guides/stuck/",
    "{report}",
    "/guides/assignments/",
    "{assignment}",
    "/guides/assignments/new/",
    "/api/v1/guides/",
    "/api/v1/guides/first-day/",
    "/api/v1/guides/figures/",
    "/api/v1/guides/first-day/figures/",
    "/api/v1/guides/first-day/people/",
    "/api/v1/guides/first-day/versions/1/figures/",
    "/api/v1/stuck-reports/",
    "/api/v1/assignments/",
    "/api/v1/progress/",
)


def grow(guide, alice, first: int, count: int) -> None:
    """So many more guides, people, teams, reports and assignments."""
    now, version, names = timezone.now(), guide.published, range(first, first + count)
    people = User.objects.bulk_create(User(username=f"p{n}", date_joined=now) for n in names)
    teams = Team.objects.bulk_create(Team(slug=f"t{n}", name=f"Team {n}") for n in names)
    through = Team.members.through
    through.objects.bulk_create(through(team=team, user=user) for team, user in zip(teams, people))
    guides = Guide.objects.bulk_create(
        Guide(slug=f"g{n}", title=f"Guide {n}", published=version, head=1, owner=team)
        for n, team in zip(names, teams)
    )
    rows = Progress.objects.bulk_create(
        Progress(guide=guide, version=version, user=user) for user in people
    )
    Progress.objects.bulk_create(
        Progress(guide=each, version=version, user=alice) for each in guides
    )
    StepProgress.objects.bulk_create(
        StepProgress(progress=row, key=key, first_viewed_at=now, seconds=7)
        for row in rows
        for key in version.keys
    )
    StuckReport.objects.bulk_create(
        StuckReport(
            guide=guide, version=version, key=version.keys[0], step_title="x", user=user, text="x"
        )
        for user in people
    )
    Assignment.objects.bulk_create(Assignment(guide=guide, user=user) for user in people)
    Assignment.objects.bulk_create(
        Assignment(guide=each, team=team, due_days=3) for each, team in zip(guides, teams)
    )


def counted(client, addresses) -> dict[str, int]:
    found = {}
    for address in addresses:
        client.get(address)
        with CaptureQueriesContext(connection) as asked:
            answer = client.get(address)
            b"".join(answer) if answer.streaming else answer.content
        assert answer.status_code == 200, address
        found[address] = len(asked)
    return found


def test_no_page_asks_more_when_there_is_more(published, alice, olga, client_of):
    grow(published, alice, 0, 5)
    named = {
        "report": StuckReport.objects.first().get_absolute_url(),
        "assignment": Assignment.objects.first().get_absolute_url(),
    }
    addresses, client = [page.format(**named) for page in PAGES], client_of(olga)
    few = counted(client, addresses)
    grow(published, alice, 5, 80)

    many = counted(client, addresses)
    more = {page: (few[page], many[page]) for page in few if many[page] > few[page]}
    assert more == {}
    assert max(many.values()) <= 26
