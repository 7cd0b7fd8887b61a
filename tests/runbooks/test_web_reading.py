"""The list, the page and the history, as readers and authors see them."""

import pytest
from django.contrib.messages import get_messages
from django.core.cache import caches
from django.urls import reverse

from portal.accounts.models import Team
from portal.architecture.models import Service
from runbooks.models import Runbook

pytestmark = pytest.mark.django_db
LIST = "/runbooks/"


@pytest.fixture(autouse=True)
def forgotten():
    """No list remembered from another test."""
    caches["process"].clear()


@pytest.fixture
def many(alice):
    """Make published runbooks without their verbs, for pages that count queries."""

    def many(number):
        for n in range(number):
            runbook = Runbook.objects.start(f"Number {n:04}", by=alice, text=f"Text {n}")
            runbook.adopt(f"Text {n}, published")

    return many


def titles(response) -> list[str]:
    found = response.content.decode().split('class="title"')[1:]
    return [part.split(">", 1)[1].split("<")[0] for part in found]


def test_the_list_shows_what_is_published(client, nina, disk):
    client.force_login(nina)

    response = client.get(LIST)

    assert titles(response) == ["Disk fills up"]
    assert b"DiskFillsUp" in response.content
    assert b"1 of 1 shown" in response.content


def test_readers_see_no_drafts_and_authors_do(client, nina, alice):
    Runbook.objects.start("Secret plan", by=alice, text="Not yet.")

    client.force_login(nina)
    assert titles(client.get(LIST)) == []
    client.force_login(alice)
    assert titles(client.get(LIST)) == ["Secret plan"]


def test_facets_narrow_and_count_each_other(client, alice):
    team = Team.objects.create(slug="platform", name="Platform")
    shop = Service.objects.create(slug="shop", name="Shop")
    Runbook.objects.start("Owned", by=alice, kind="recovery", owner=team, services=[shop])
    Runbook.objects.start("Lost", by=alice, kind="recovery")
    Runbook.objects.start("Other", by=alice, kind="reference")
    client.force_login(alice)

    assert titles(client.get(LIST, {"kind": "recovery", "sort": "title"})) == ["Lost", "Owned"]
    assert titles(client.get(LIST, {"service": "shop", "owner": "platform"})) == ["Owned"]
    assert titles(client.get(LIST, {"attention": "unowned", "sort": "title"})) == ["Lost", "Other"]
    both = client.get(LIST, {"kind": ["recovery", "reference"]}).content.decode()
    assert "Remove filter Recovery" in both and "Remove filter Reference" in both
    assert '<span>Reference</span><span class="count">1</span>' in both


def test_archived_ones_are_listed_only_when_asked_for(client, paul, disk):
    client.force_login(paul)
    disk.archive(by=paul)

    assert titles(client.get(LIST)) == []
    assert titles(client.get(LIST, {"state": "archived"})) == ["Disk fills up"]


def test_documents_about_the_portal_are_listed_apart_from_others(client, nina, many, disk):
    many(1)
    own = Service.objects.create(slug="ops-portal", name="Ops Portal")
    Runbook.objects.exclude(pk=disk.pk).get().services.add(own)
    client.force_login(nina)

    page = client.get(LIST)
    assert titles(page) == ["Disk fills up"]
    assert b"1 of 2 shown" in page.content
    assert b'href="?service=ops-portal">1 about this portal</a>' in page.content
    assert titles(client.get(LIST, {"service": "ops-portal"})) == ["Number 0000"]
    assert len(titles(client.get(LIST, {"state": "published"}))) == 2


def test_documents_about_the_portal_are_the_list_while_there_are_no_others(client, nina, many):
    many(1)
    own = Service.objects.create(slug="ops-portal", name="Ops Portal")
    Runbook.objects.get().services.add(own)
    Runbook.objects.start("Not published", by=nina)
    client.force_login(nina)

    assert titles(client.get(LIST)) == ["Number 0000"]


def test_unknown_choices_are_left_out(client, nina, disk):
    client.force_login(nina)

    response = client.get(LIST, {"kind": "no-such", "sort": "no-such", "state": "draft\x00"})

    assert titles(response) == ["Disk fills up"]


def test_a_bad_cursor_leads_back_to_the_list(client, nina, disk):
    client.force_login(nina)

    assert client.get(LIST, {"cursor": "nonsense"}).url == LIST


def test_pages_follow_each_other_without_gaps(client, nina, many):
    many(120)
    client.force_login(nina)
    seen, address = [], "?sort=title"

    while address:
        page = client.get(LIST + address)
        seen += titles(page)
        tail = page.content.decode().partition('rel="next" href="')[2]
        address = tail.split('"')[0].replace("&amp;", "&")

    assert seen == [f"Number {n:04}" for n in range(120)]


def test_a_change_shows_at_once_though_the_list_is_remembered(client, alice, disk):
    client.force_login(alice)
    client.get(LIST)

    disk.describe(title="Disk is full")

    assert titles(client.get(LIST)) == ["Disk is full"]


def test_as_many_queries_for_three_rows_as_for_sixty(
    client, nina, many, django_assert_max_num_queries
):
    first = "/runbooks/number-0000/"
    addresses = (LIST, first, f"{first}history/", "/search/?q=text")

    def queries(address):
        caches["process"].clear()
        with django_assert_max_num_queries(30) as found:
            assert client.get(address).status_code == 200
        return len(found)

    def of_all():
        return {address: queries(address) for address in addresses}

    client.force_login(nina)
    many(3)
    before = of_all()
    many(57)

    assert of_all() == before


def test_the_page_shows_the_text_and_what_is_known_of_it(client, nina, disk):
    other = Runbook.objects.start("Other", by=None, text="See [disk](disk-fills-up).")
    other.adopt("See [disk](disk-fills-up).")
    client.force_login(nina)

    page = client.get(disk.get_absolute_url()).content.decode()

    assert '<h2 id="h-symptom">' in page
    assert "Parameters" in page and "Which one" in page
    assert 'href="/runbooks/other/">Other</a>' in page
    assert "sha256" in page and "Was this helpful?" in page
    assert "Edit" not in titles(client.get(disk.get_absolute_url()))


def test_the_page_costs_few_queries(client, nina, disk, django_assert_max_num_queries):
    client.force_login(nina)

    with django_assert_max_num_queries(7):
        client.get(disk.get_absolute_url())


def test_an_old_address_leads_to_the_new_one_for_ever(client, nina, disk):
    disk.describe(slug="disk-is-full")
    client.force_login(nina)

    response = client.get("/runbooks/disk-fills-up/")

    assert (response.status_code, response.url) == (301, "/runbooks/disk-is-full/")


def test_a_merged_one_leads_to_the_other_and_says_so(client, nina, paul, alice, disk):
    other = Runbook.objects.start("Storage", by=alice, text="All of it.")
    other.adopt("All of it.")
    disk.merge_into(other, by=paul)
    client.force_login(nina)

    response = client.get("/runbooks/disk-fills-up/")

    assert response.url == "/runbooks/storage/"
    assert "was merged" in str(next(iter(get_messages(response.wsgi_request))))


def test_readers_find_no_unpublished_page_version_or_comparison(client, nina, alice, disk):
    Runbook.objects.start("Secret plan", by=alice, text="Not yet.")
    disk.draft("Worse.", author=alice, based_on=1)
    client.force_login(nina)

    for address in (
        "/runbooks/secret-plan/",
        "/runbooks/secret-plan/history/",
        "/runbooks/secret-plan/versions/1/",
        "/runbooks/disk-fills-up/versions/2/",
        "/runbooks/disk-fills-up/compare/1/2/",
        "/runbooks/none/",
    ):
        assert client.get(address).status_code == 404, address
    assert b">v2<" not in client.get("/runbooks/disk-fills-up/history/").content


def test_authors_are_told_of_the_draft_that_waits(client, alice, disk):
    disk.draft("Better.", author=alice, note="Better words", based_on=1)
    client.force_login(alice)

    assert "“Better words”" in client.get(disk.get_absolute_url()).content.decode()


def test_hostile_names_are_text(client, alice):
    name = '<script>alert(1)</script>"><img src=x onerror=alert(1)>'
    runbook = Runbook.objects.start(name, by=alice, text=f"# {name}", note=name)
    client.force_login(alice)

    for address in (LIST, runbook.get_absolute_url(), f"{runbook.get_absolute_url()}history/"):
        page = client.get(address).content
        assert b"<script>alert" not in page and b"<img src=x" not in page


def test_nobody_is_sent_to_sign_in(client, disk):
    for name in ("list", "gaps", "new"):
        assert "/account/sign-in/" in client.get(reverse(f"runbooks:{name}")).url
    assert "/account/sign-in/" in client.get(disk.get_absolute_url()).url


def test_the_history_shows_what_was_noted_before_the_import(client, nina, disk):
    disk.earlier_history = [{"at": "2023-05-01T10:00:00Z", "by": "Old hand", "note": "First try"}]
    disk.save()
    client.force_login(nina)

    page = client.get(f"{disk.get_absolute_url()}history/").content.decode()

    assert "Before it came here" in page
    assert "First try" in page
    assert "Old hand" in page
    assert "1 May 2023" in page


def test_the_checksum_of_a_version_is_there_for_who_asks(disk, nina, client_of):
    version = disk.published
    page = client_of(nina).get(version.get_absolute_url()).content.decode()

    shown, _, folded = page.partition("<summary>Checksum of its text</summary>")
    assert version.hash[:16] not in shown.partition("<main")[2]
    assert version.hash in folded.partition("</details>")[0]


def test_many_alerts_and_services_are_folded_after_the_first(disk, nina, client_of):
    services = [Service(slug=f"s{n}", name=f"Service {n}") for n in range(9)]
    Service.objects.bulk_create(services)
    disk.describe(alerts=[f"Alert{n}" for n in range(9)], services=services)

    page = client_of(nina).get(disk.get_absolute_url()).content.decode()

    head, _, folded = page.partition("<summary>9 alerts</summary>")
    assert "Alert3" in head and "Alert4" not in head and "Alert8" in folded
    head, _, folded = folded.partition("<summary>9 services</summary>")
    assert "Service 3</a>" in head and "Service 4</a>" not in head and "Service 8</a>" in folded
