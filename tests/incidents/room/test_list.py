"""The list of incidents: open ones first, then the past, narrowed and exported."""

import csv
import re
from datetime import timedelta
from io import StringIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from portal.accounts.models import Team
from tests.incidents.world import declare, make_service

pytestmark = pytest.mark.django_db
LIST = "/incidents/"


def text_of(client, query="", status=200):
    answer = client.get(f"{LIST}{query}")
    assert answer.status_code == status
    return re.sub(r"\s+", " ", answer.content.decode()).partition('id="main"')[2]


@pytest.fixture
def some(rita):
    shop = Team.objects.create(slug="shop", name="Shop")
    checkout = make_service(owner=shop)
    declare(rita, level=3, title="Slow export")
    declare(rita, level=1, title="All is down", services=[checkout])
    past = declare(rita, title="Certificate expired", services=[checkout])
    past.resolve(by=rita, text="Renewed it")
    declare(rita, level=4, title="Exercise", is_drill=True)
    return past


def test_the_worst_that_is_open_stands_first(some, client_of, nina):
    page = text_of(client_of(nina))

    order = [page.index(title) for title in ("All is down", "Slow export", "Certificate expired")]
    assert order == sorted(order)
    assert "Renewed it" in page and "Drill" in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?state=open", {"All is down", "Slow export", "Exercise"}),
        ("?state=over", {"Certificate expired"}),
        ("?state=resolved", {"Certificate expired"}),
        ("?state=unacknowledged&severity=sev1", {"All is down"}),
        ("?severity=sev3", {"Slow export"}),
        ("?service=checkout", {"All is down", "Certificate expired"}),
        ("?owner=shop&state=open", {"All is down"}),
        ("?drill=yes", {"Exercise"}),
        ("?q=certificate", {"Certificate expired"}),
        ("?q=expired+certif", {"Certificate expired"}),
        ("?q=certifikate", set()),
        ("?q=INC-{past}", {"Certificate expired"}),
        ("?q=nothingofthekind", set()),
    ],
)
def test_it_is_narrowed(query, found, some, client_of, nina):
    page = text_of(client_of(nina), query.format(past=some.pk))

    titles = ("All is down", "Slow export", "Certificate expired", "Exercise")
    assert {title for title in titles if title in page} == found
    assert found or "Nothing matches" in page


@pytest.mark.parametrize(
    "query",
    ["?state=x", "?severity=2", "?service=x", "?owner=%00", "?q=a%00", "?cursor=x", "?drill=2"],
)
def test_what_is_not_understood_is_said(query, client_of, nina):
    assert "Not understood" in text_of(client_of(nina), query, status=400)
    if "cursor" not in query:
        assert client_of(nina).get(f"{LIST}export.csv{query}").status_code == 400


def test_without_any_it_says_what_to_do(client_of, nina, rita):
    assert "Nothing is open" in text_of(client_of(nina))
    assert "Declare incident" in text_of(client_of(rita))


def test_it_is_exported_as_it_is_narrowed(some, client_of, nina, rita):
    declare(rita, title="=HYPERLINK(1)")
    answer = client_of(nina).get(f"{LIST}export.csv?state=open")

    rows = list(csv.DictReader(StringIO(b"".join(answer).decode())))
    assert {row["title"] for row in rows} == {
        "All is down",
        "Slow export",
        "Exercise",
        "'=HYPERLINK(1)",
    }
    assert rows[0]["severity"] == "SEV2"


def test_older_ones_follow_page_by_page(client_of, nina, rita):
    now = timezone.now()
    for n in range(52):
        declare(rita, level=5, title=f"Past {n:02}", at=now - timedelta(hours=n)).close(
            by=rita, text="x"
        )
    page = text_of(client_of(nina))
    assert "Past 49" in page and "Past 50" not in page

    older = re.search(r'rel="next" href="\?(.*?)"', page)[1]
    assert "Past 51" in text_of(client_of(nina), f"?{older}")


def test_much_asks_no_more_than_little(client_of, rita, some):
    client = client_of(rita)
    client.get(LIST)
    with CaptureQueriesContext(connection) as few:
        client.get(LIST)
    for n in range(4):
        declare(rita, title=f"Open {n}", services=[make_service(f"s{n}")])
        declare(rita, title=f"Past {n}").resolve(by=rita)
    client.get(LIST)
    with CaptureQueriesContext(connection) as many:
        client.get(LIST)

    assert len(many) <= len(few) <= 18


def test_strangers_are_led_to_the_sign_in(client):
    assert client.get(LIST).status_code == 302
