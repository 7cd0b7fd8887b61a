"""The command palette: pages, verbs and results that one may open."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.architecture.models import Service
from portal.search.models import Entry, Favourite

pytestmark = pytest.mark.django_db
URL = "/search/palette/"


def listed(client, person, query: str) -> dict[str, list[str]]:
    """The labels below each heading."""
    client.force_login(person)
    answer = client.get(URL, {"q": query})
    groups = answer.context["groups"]
    assert answer.content.decode().count('role="option"') == sum(len(each.lines) for each in groups)
    return {group.title: [line.label for line in group.lines] for group in groups}


def test_without_words_it_offers_favourites_verbs_and_pages(client, nina, alice, disk):
    Favourite.objects.keep(nina, Entry.objects.get(slug=disk.slug))

    found = listed(client, nina, "")
    assert found["Favourites"] == [disk.title]
    assert "Runbooks" in found["Go to"] and "New runbook" not in found["Do"]
    assert "New runbook" in listed(client, alice, "")["Do"]


@pytest.mark.parametrize(
    ("typed", "heading", "label"),
    [
        ("new run", "Do", "New runbook"),
        ("NEW", "Do", "New API token"),
        ("serv", "Go to", "Services"),
        ("zones", "Go to", "Zones"),
        ("disk", "Found", "Disk fills up"),
        ("dsik", "Closest matches", "Disk fills up"),
    ],
)
def test_words_find_verbs_pages_and_everything_of_the_search(
    client, alice, disk, typed, heading, label
):
    found = listed(client, alice, typed)

    assert label in found[heading] and found["Everything"] == [f"Search for “{typed}”"]


def test_pages_of_the_administration_are_for_its_staff(client, olga, nina, disk):
    assert "Teams" in listed(client, olga, "teams")["Go to"]
    assert "Go to" not in listed(client, nina, "teams")


@pytest.mark.parametrize("typed", ["\x00", "<script>alert(1)</script>", "%s {{ x }}", "a" * 5000])
def test_nothing_typed_breaks_it(client, nina, disk, typed):
    client.force_login(nina)

    answer = client.get(URL, {"q": typed})
    assert answer.status_code == 200 and b"<script" not in answer.content


def test_it_asks_as_often_for_many_as_for_few(client, nina, disk):
    client.force_login(nina)

    def asked(query: str) -> int:
        client.get(URL, {"q": query})
        with CaptureQueriesContext(connection) as queries:
            client.get(URL, {"q": query})
        return len(queries)

    few = asked(""), asked("queue")
    for number in range(30):
        service = Service.objects.create(slug=f"s{number}", name=f"Queue {number}")
        Favourite.objects.keep(nina, Entry.objects.get(slug=service.slug))
    assert asked("") <= few[0] and asked("queue") <= max(few[1], 6)


def test_no_page_carries_it_and_without_scripts_its_link_leads_to_the_search(client, nina):
    client.force_login(nina)
    page = client.get("/").content.decode()

    assert f'href="/search/" data-palette="{URL}"' in page and "<dialog" not in page
    assert client.get(URL).content.decode().count("<dialog") == 2
