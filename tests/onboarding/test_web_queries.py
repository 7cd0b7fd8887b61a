"""Pages of guides ask the database as often for 200 guides and 60 steps as for a few."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from onboarding.models import Progress, Step

from .growing import grow_guides
from .world import KEY, make_guide, make_questions

pytestmark = pytest.mark.django_db
GUIDE = "/guides/disk/"
MOST = {
    "/guides/": 11,
    GUIDE: 13,  # two for what is watched and starred
    f"{GUIDE}all/": 7,
    f"{GUIDE}steps/{KEY}/": 8,
    "/guides/questions/": 9,
    "/guides/questions/?q=disk": 11,
    "/guides/questions/?q=dsik": 17,  # the words of all kinds are asked for the one meant
    "/guides/?q=dsik": 18,
    "/guides/me/": 21,  # each kind of rows that is kept
    "/": 12,
    "/search/?q=disk": 12,
}


@pytest.fixture
def guide(alice, nina):
    guide = make_guide(alice, slug="disk")
    make_questions(guide, "disk")
    Progress.objects.start(guide, by=nina).view(str(KEY), seconds=3)
    return guide


def asked(client) -> dict[str, int]:
    """How often each page asks: the fewer of two times, as a page may just have to ask anew for
    what it remembers for a while."""
    for address in MOST:
        client.get(address)
    return {address: min(count(client, address) for _ in range(2)) for address in MOST}


def count(client, address: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def test_two_hundred_guides_cost_no_query_more(guide, nina, client_of):
    client = client_of(nina)
    grow_guides(guide, nina, 10)
    few = asked(client)
    grow_guides(guide, nina, 200)

    assert asked(client) == few
    assert {address: count for address, count in few.items() if count > MOST[address]} == {}


def test_sixty_steps_cost_no_query_more(guide, nina, alice, client_of):
    client = client_of(nina)
    few = asked(client)
    Step.objects.bulk_create(Step(guide=guide, title=f"Step {n}", position=n) for n in range(58))
    guide.publish(by=alice)
    progress = Progress.objects.get()
    progress.move_over()
    for key in progress.version.keys[:30]:
        progress.done(key)

    many = asked(client)
    assert "30 of 60" in client.get(GUIDE).content.decode()
    assert {address: count for address, count in many.items() if count > few[address]} == {}
