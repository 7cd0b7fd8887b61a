"""What somebody keeps at hand: the star of a page, the list, the first page."""

import pytest

from portal.architecture.models import Service
from portal.search.models import Entry, Favourite, favourites
from runbooks.models import Runbook

pytestmark = pytest.mark.django_db
URL = "/search/favourites/"


def kept(person) -> list[str]:
    return [str(row) for row in Favourite.objects.of(person)]


@pytest.mark.parametrize("page", ["runbook", "guide", "service"])
def test_the_star_of_a_page_keeps_it_and_lets_it_go(client, nina, disk, published, page):
    service = Service.objects.create(slug="checkout", name="Checkout")
    row = {"runbook": disk, "guide": published, "service": service}[page]
    address = row.get_absolute_url()
    client.force_login(nina)
    assert 'aria-pressed="false" aria-label="Favourite"' in client.get(address).content.decode()

    for _ in range(2):
        answer = client.post(URL, {"kind": page, "slug": row.slug, "keep": "1"})
        assert (answer.status_code, answer["Location"]) == (302, address)
    assert len(kept(nina)) == 1
    assert 'aria-pressed="true" aria-label="Favourite"' in client.get(address).content.decode()

    client.post(URL, {"kind": page, "slug": row.slug})
    assert kept(nina) == []


def test_favourites_are_on_the_first_page_and_in_their_list(client, nina, disk):
    client.force_login(nina)
    assert "Your favourites" not in client.get("/").content.decode()
    assert "No favourites yet" in client.get(URL).content.decode()

    client.post(URL, {"kind": "runbook", "slug": disk.slug, "keep": "1"})

    for page in ("/", URL):
        assert f'href="{disk.get_absolute_url()}">{disk.title}' in client.get(page).content.decode()
    answer = client.post(URL, {"kind": "runbook", "slug": disk.slug, "list": "1"})
    assert answer["Location"] == URL and kept(nina) == []


def test_nobody_keeps_or_sees_what_they_may_not(client, nina, alice, disk):
    draft = Runbook.objects.start("Secret plan", by=alice, text="Not yet.")
    client.force_login(nina)
    assert client.post(URL, {"kind": "runbook", "slug": draft.slug, "keep": "1"}).status_code == 404

    Favourite.objects.keep(nina, Entry.objects.get(slug=draft.slug))
    assert "Secret plan" not in client.get(URL).content.decode()
    assert "Secret plan" not in client.get("/").content.decode()


@pytest.mark.parametrize(
    "sent", [{}, {"kind": "film", "slug": "x"}, {"kind": "runbook", "slug": "a\x00b"}]
)
def test_what_there_is_not_is_not_found(client, nina, disk, sent):
    client.force_login(nina)

    assert client.post(URL, {**sent, "keep": "1"}).status_code == 404


def test_more_than_are_useful_are_refused(client, nina, disk, monkeypatch):
    monkeypatch.setattr(favourites, "FAVOURITES_AT_MOST", 1)
    Service.objects.create(slug="checkout", name="Checkout")
    client.force_login(nina)
    client.post(URL, {"kind": "runbook", "slug": disk.slug, "keep": "1"})

    answer = client.post(URL, {"kind": "service", "slug": "checkout", "keep": "1"})

    assert answer.status_code == 409 and "Remove one of them first" in answer.content.decode()


def test_they_outlive_a_new_title_and_go_with_the_row_or_the_person(nina, rita, alice, disk):
    service = Service.objects.create(slug="checkout", name="Checkout")
    for person in (nina, rita):
        for slug in (disk.slug, "checkout"):
            Favourite.objects.keep(person, Entry.objects.get(slug=slug))

    disk.describe(by=alice, title="Volume is full")
    service.delete()
    assert kept(nina) == ["Volume is full"]

    rita.delete()
    assert Favourite.objects.count() == 1


def test_who_may_see_nothing_is_told_so(client, django_user_model):
    client.force_login(django_user_model.objects.create_user("stranger"))

    assert client.get(URL).status_code == 403
