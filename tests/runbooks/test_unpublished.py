"""What readers never see: texts that nobody approved, also after a newer draft replaced them."""

import pytest
from django.utils import timezone

from runbooks.models import Runbook
from runbooks.models.run_queries import followable
from runbooks.problems import WrongState

pytestmark = pytest.mark.django_db
WEB = "/runbooks/disk-fills-up/"
API = f"/api/v1{WEB}"


@pytest.fixture
def replaced(disk, alice, publish):
    """v1 was published, v2 is a draft that v3 replaced, v3 is published."""
    disk.draft("The key is hidden here.", author=alice, note="Never shown", based_on=1)
    publish(disk.draft("Nothing is hidden here.", author=alice, based_on=2))
    return disk


@pytest.mark.parametrize(
    "address",
    [
        f"{WEB}versions/2/",
        f"{WEB}versions/2/review/",
        f"{WEB}compare/1/2/",
        f"{WEB}compare/0/2/",
        f"{API}versions/2/",
        f"{API}compare/1/2/",
    ],
)
def test_readers_find_no_draft_that_a_newer_one_replaced(
    client, bearer, replaced, nina, alice, address
):
    for person, status in ((nina, 404), (alice, 200)):
        client.force_login(person)
        asked = bearer(person) if address.startswith("/api") else client
        assert asked.get(address, follow=True).status_code == status


def test_readers_find_no_replaced_draft_of_what_was_never_published(client, nina, alice):
    runbook = Runbook.objects.start("Secret plan", by=alice, text="Not yet.")
    runbook.draft("Still not.", author=alice, based_on=1)
    client.force_login(nina)

    assert client.get("/runbooks/secret-plan/versions/1/").status_code == 404
    assert client.get("/runbooks/secret-plan/compare/0/1/").status_code == 404


def test_the_history_of_readers_has_what_was_published_and_compares_that(
    client, bearer, replaced, nina
):
    client.force_login(nina)
    page = client.get(f"{WEB}history/").content.decode()
    rows = bearer(nina).get(f"{API}versions/").json()["results"]

    assert "Never shown" not in page
    assert f"{WEB}compare/1/3/" in page and f"{WEB}compare/2/3/" not in page
    assert [row["number"] for row in rows] == [3, 1]


def test_readers_still_see_what_was_published_before(client, replaced, nina):
    client.force_login(nina)

    assert client.get(f"{WEB}versions/1/").status_code == 200
    assert client.get(f"{WEB}compare/1/3/").status_code == 200
    assert b"compare/2/3" not in client.get(f"{WEB}versions/3/").content


@pytest.fixture
def into_draft(disk, alice):
    """Merged into a draft, as was possible once."""
    draft = Runbook.objects.start("Secret plan", by=alice, text="- [ ] Not yet.\n")
    at = timezone.now()
    Runbook.objects.filter(pk=disk.pk).update(merged_into=draft, archived_at=at)
    return Runbook.objects.get(pk=disk.pk)


def test_nothing_is_merged_into_what_nobody_published(disk, alice, paul):
    draft = Runbook.objects.start("Secret plan", by=alice, text="Not yet.")

    with pytest.raises(WrongState, match="publish it first"):
        disk.merge_into(draft, by=paul)
    assert Runbook.objects.answering("DiskFillsUp") == disk


def test_readers_do_not_learn_into_which_draft_something_was_merged(
    bearer, client_of, into_draft, rita
):
    browser = client_of(rita)
    row = bearer(rita).get(API).json()
    start = bearer(rita).post(f"{API}runs/", {}, content_type="application/json")

    assert row["merged_into"] is None
    assert start.status_code == 409
    assert "ecret" not in start.content.decode()
    for address in (WEB, f"{WEB}run/"):
        assert "ecret" not in browser.get(address, follow=True).content.decode()
    with pytest.raises(WrongState, match="archived"):
        followable(into_draft)


def test_programs_of_readers_do_not_learn_that_there_are_drafts(bearer, disk, nina, alice):
    disk.draft("Not yet.", author=alice, note="Secret", based_on=1).submit(by=alice)
    addresses = (API, "/api/v1/runbooks/?fields=newest", "/api/v1/runbooks/?kind=troubleshooting")

    for person, newest in ((nina, 1), (alice, 2)):
        one, *lists = (bearer(person).get(address).json() for address in addresses)
        assert [one["newest"], *(each["results"][0]["newest"] for each in lists)] == [newest] * 3
    alert = bearer(nina).get("/api/v1/alerts/DiskFillsUp/").json()
    assert alert["runbook"]["newest"] == 1


@pytest.mark.parametrize("asked", ["draft", "in_review", "published&state=draft"])
def test_programs_of_readers_do_not_ask_for_drafts(bearer, disk, nina, alice, asked):
    address = f"/api/v1/runbooks/?state={asked}"

    assert bearer(nina).get(address).status_code == 403
    assert bearer(alice).get(address).status_code == 200
