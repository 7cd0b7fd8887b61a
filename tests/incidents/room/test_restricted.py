"""A restricted incident does not exist for those who take no part in it and lack the right."""

import pytest

from incidents.models import Incident
from incidents.problems import WrongState
from portal.core.problems import Forbidden
from portal.search.models import Entry
from tests.incidents.world import declare, make_service

pytestmark = pytest.mark.django_db
SECRET = "Somebody copied salaries"


@pytest.fixture
def checkout():
    return make_service()


@pytest.fixture
def secret(rita, checkout):
    return declare(rita, title=SECRET, services=[checkout], is_restricted=True)


@pytest.fixture
def other(rita, checkout):
    return declare(rita, level=3, services=[checkout])


def places(other) -> tuple[str, ...]:
    return (
        "/",
        "/incidents/",
        "/incidents/?q=salaries",
        "/incidents/?state=open",
        "/incidents/export.csv",
        "/incidents/new/",
        "/search/?q=salaries",
        "/services/checkout/",
        other.get_absolute_url(),
    )


def test_those_with_the_right_and_who_take_part_see_it(secret, client_of, rita, olga):
    for person in (rita, olga):
        client = client_of(person)
        assert client.get(secret.get_absolute_url()).status_code == 200
        assert SECRET in client.get("/incidents/").content.decode()
        assert "Restricted" in client.get("/incidents/").content.decode()
        assert SECRET in client.get("/services/").content.decode()  # the line on every page


@pytest.mark.parametrize("name", ["nina", "alice"])
def test_others_find_it_nowhere(name, secret, other, client_of, request):
    other.relate(secret, by=secret.declared_by)
    client = client_of(request.getfixturevalue(name))

    assert client.get(secret.get_absolute_url()).status_code == 404
    for address in places(other):
        html = b"".join(client.get(address)).decode()
        assert SECRET not in html and secret.name not in html, address


def test_no_verb_tells_that_it_exists(secret, other, client_of, alice):
    client = client_of(alice)
    for verb in ("acknowledge", "mitigate", "notes", "roles", "edit", "unrestrict"):
        status = client.post(f"{secret.get_absolute_url()}{verb}/", {"text": "x"}).status_code
        assert status == client.post(f"/incidents/999/{verb}/", {"text": "x"}).status_code
    answer = client.post(f"{other.get_absolute_url()}merge/", {"other": str(secret.pk)})
    assert answer.status_code == 400 and "There is no incident" in answer.content.decode()


def test_the_count_of_open_ones_is_of_those_one_may_see(secret, client_of, alice, rita):
    said = 'count">1<span'

    assert said in client_of(rita).get("/incidents/").content.decode()
    assert said not in client_of(alice).get("/incidents/").content.decode()


def test_it_leaves_the_search_and_comes_back(other, client_of, rita, olga, nina):
    def found():
        return Entry.objects.filter(kind="incident", key=other.pk).exists()

    assert found()
    other.restrict(by=rita)
    assert not found()
    other.unrestrict(by=olga)
    assert found()


def test_who_restricts_it_still_sees_it(other, client_of, alice):
    client = client_of(alice)

    client.post(f"{other.get_absolute_url()}restrict/")

    assert Incident.objects.get(pk=other.pk).is_restricted
    assert client.get(other.get_absolute_url()).status_code == 200


def test_only_those_with_the_right_open_it_to_others(secret, client_of, rita, olga):
    address = f"{secret.get_absolute_url()}unrestrict/"

    assert client_of(rita).post(address).status_code == 403
    assert client_of(olga).post(address).status_code == 302
    assert not Incident.objects.get().is_restricted


def test_who_restricted_it_may_undo_that(other, client_of, rita, alice):
    other.assign("scribe", alice, by=rita)
    other.restrict(by=rita)
    address = f"{other.get_absolute_url()}unrestrict/"

    assert address in client_of(rita).get(other.get_absolute_url()).content.decode()
    assert address not in client_of(alice).get(other.get_absolute_url()).content.decode()
    with pytest.raises(Forbidden, match="Only who restricted it"):
        other.unrestrict(by=alice)
    assert client_of(rita).post(address).status_code == 302


@pytest.mark.anywhere
def test_those_who_take_part_and_operators_are_told_why(other, rita, alice, paul, olga):
    other.assign("scribe", alice, by=rita)

    other.restrict(by=rita, reason="Names of customers")
    other.unrestrict(by=rita)

    for to in (alice, olga):
        first, then = to.deliveries.filter(key__contains="restricted").order_by("pk")
        assert "by Rita Responder" in first.text and "Names of customers" in first.text
        assert first.subject == f"Restricted: {other}" and then.subject.startswith("No longer")
    assert not paul.deliveries.exists() and not rita.deliveries.exists()


def test_the_timeline_of_another_one_does_not_name_it(secret, other, rita):
    other.relate(secret, by=rita)
    assert not other.entries.of_kinds("related").exists()
    assert secret.entries.of_kinds("related").exists()

    secret.merge(other, by=rita)
    assert not other.entries.of_kinds("merged").exists()


def told(incident, client) -> str:
    """All that is said of it, as page, list, files, and by the API."""
    page = incident.get_absolute_url()
    api = f"/api/v1{page}"
    files = (f"{page}export.md", f"{page}export.json", "/incidents/export.csv")
    places = (page, "/incidents/", *files, f"{api}timeline/")
    return "".join(b"".join(client.get(each)).decode() for each in places)


def test_nor_does_it_once_the_other_one_is_restricted(other, client_of, rita, paul, olga):
    again, later = declare(rita, level=3), declare(rita, title="Unnamed")
    other.relate(later, by=rita)
    other.pin(other.entries.of_kinds("related").get(), by=rita)
    again.merge(later, by=rita)
    assert later.name in told(other, client_of(paul)) and later.name in told(again, client_of(paul))

    later.restrict(by=rita)

    for each in (other, again):
        each.refresh_from_db()
        assert later.name not in told(each, client_of(paul)), each
    assert later.name in told(again, client_of(olga))
    assert [each.kind for each in later.tellable(later.entries.all())].count("related") == 1


@pytest.mark.anywhere
def test_a_merged_one_is_not_reopened_and_says_the_other_one_to_who_may_see_it(
    secret, other, rita, alice
):
    other.merge(secret, by=rita)

    with pytest.raises(WrongState, match=f"reopen {secret.name} instead"):
        other.reopen(by=rita, reason="x")
    with pytest.raises(WrongState, match="reopen the other one instead"):
        other.reopen(by=alice, reason="x")
