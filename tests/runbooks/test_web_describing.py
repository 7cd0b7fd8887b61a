"""Owner and services of a runbook, chosen by their names."""

import pytest

from portal.accounts.models import Team
from portal.architecture.models import Service
from portal.core.web.pickers import EMPTY, MOST_CHOSEN
from runbooks.models import Runbook
from tests.onboarding.writing import fields_of

pytestmark = pytest.mark.django_db
ABOUT = "/runbooks/disk-fills-up/about/"


@pytest.fixture
def night(db):
    return Team.objects.create(slug="night", name="Night shift")


@pytest.fixture
def shops(db):
    rows = [("shop", "Shop"), ("shop-eu", "Shop"), ("search", "Search")]
    return [Service.objects.create(slug=slug, name=name) for slug, name in rows]


def sent(client, page: str = ABOUT, **changed):
    return client.post(page, fields_of(client.get(page), None) | changed)


def refused(client, **changed):
    """The page that says why."""
    response = sent(client, **changed)
    assert response.status_code == 400
    return response, response.content.decode()


def test_owner_and_services_are_chosen_by_name_however_it_is_typed(
    client, alice, disk, night, shops
):
    client.force_login(alice)

    names = ["Shop (shop-eu)", "", " SEARCH ", "search"]
    response = sent(client, owner="night SHIFT", services=names)

    assert response.status_code == 302
    disk.refresh_from_db()
    assert disk.owner == night and set(disk.services.all()) == {shops[1], shops[2]}


def test_the_page_shows_what_is_chosen_and_takes_it_back_as_it_stands(
    client, alice, disk, night, shops
):
    disk.describe(owner=night, services=shops[:2])
    client.force_login(alice)

    shown = fields_of(client.get(ABOUT), None)
    assert shown["owner"] == ["Night shift"]
    assert sorted(filter(None, shown["services"])) == ["Shop (shop)", "Shop (shop-eu)"]
    assert shown["services"].count("") == EMPTY

    assert client.post(ABOUT, shown).status_code == 302
    disk.refresh_from_db()
    assert disk.owner == night and set(disk.services.all()) == set(shops[:2])


def test_emptied_fields_choose_nothing(client, alice, disk, night, shops):
    disk.describe(owner=night, services=shops)
    client.force_login(alice)

    sent(client, owner="", services=["", ""])

    disk.refresh_from_db()
    assert disk.owner is None and not disk.services.exists()


def test_a_wrong_name_is_told_the_nearest_and_nothing_typed_is_lost(
    client, alice, disk, night, shops
):
    client.force_login(alice)

    page, text = refused(client, owner="Nigth shift", services=["Search", "serch"])

    assert "No team is called “Nigth shift”. Did you mean Night shift?" in text
    assert "No service is called “serch”. Did you mean Search?" in text
    kept = fields_of(page, None)
    assert kept["owner"] == ["Nigth shift"] and kept["services"][:2] == ["Search", "serch"]
    assert text.count('aria-invalid="true"') == 3  # not the empty ones
    assert not disk.services.exists()


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (["Shop"], "2 services are called “Shop”. Choose Shop (shop) or Shop (shop-eu)."),
        (["zzz"], "No service called “zzz” can be chosen here. Pick a name from the list."),
        (["a\0b"], "Null characters are not allowed."),
        (["s" * 301], "at most 300 characters"),
        (["Search"] * (MOST_CHOSEN + 1), "Choose at most 100 services."),
    ],
)
def test_names_that_choose_none_are_refused(client, alice, disk, shops, names, said):
    client.force_login(alice)

    assert said in refused(client, services=names)[1]


def test_a_new_runbook_takes_the_same_names(client, alice, night, shops):
    client.force_login(alice)

    named = {"title": "Drain it", "owner": "night", "services": ["Search"]}
    sent(client, "/runbooks/new/?kind=recovery", **named)

    made = Runbook.objects.get(title="Drain it")
    assert made.owner == night and list(made.services.all()) == [shops[2]]
