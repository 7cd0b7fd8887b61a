"""Ping keys through the API: shown once, by whoever issues them."""

import pytest

from portal.accounts.models import Team
from portal.monitoring.models import PingKey

pytestmark = pytest.mark.django_db
LIST = "/api/v1/ping-keys/"
JSON = {"content_type": "application/json"}


@pytest.fixture
def key(olga):
    return PingKey.objects.issue("web servers", owner=None, by=olga)


def test_a_key_is_issued_and_shown_once(api, olga, alice, backup, client):
    answer = api(olga).post(LIST, {"name": "Hosts"}, **JSON)

    said = answer.json()
    assert answer.status_code == 201 and answer["Location"] == f"{LIST}{said['id']}/"
    assert said["address"].endswith(f"/ping/{said['key']}/")
    called = said["address"].removeprefix("http://localhost") + backup.slug
    assert client.get(called).status_code == 200
    for person in (olga, alice):
        for address in (LIST, answer["Location"]):
            read = api(person).get(address).content.decode()
            assert said["key"] not in read and said["hint"] in read


def test_a_key_of_a_team(api, olga):
    Team.objects.create(slug="shop", name="Shop")
    said = api(olga).post(LIST, {"name": "Hosts", "owner": "shop"}, **JSON).json()

    assert said["owner"] == "shop" and PingKey.objects.get().owner.slug == "shop"
    assert api(olga).post(LIST, {"name": "Hosts", "owner": "none"}, **JSON).status_code == 400


def test_operators_issue_and_revoke_and_authors_only_look(api, key, olga, alice, nina):
    address = f"{LIST}{key.pk}/"
    for person, read, issued, revoked in (
        (nina, 403, 403, 403),
        (alice, 200, 403, 403),
        (olga, 200, 201, 204),
    ):
        assert api(person).get(address).status_code == read
        assert api(person).post(LIST, {"name": "x"}, **JSON).status_code == issued
        assert api(person).delete(address).status_code == revoked
    assert api(olga).delete(address).status_code == 404


@pytest.mark.parametrize("name", ["", "  ", "x" * 81])
def test_a_name_is_asked_for(api, olga, name):
    assert api(olga).post(LIST, {"name": name}, **JSON).status_code == 400
    assert PingKey.objects.count() == 0
