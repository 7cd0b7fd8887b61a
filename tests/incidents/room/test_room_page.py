"""The room of one incident: what everybody sees, and what changes by itself."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from incidents.models import Incident, Presence
from portal.architecture.models import Dependency
from tests.incidents.world import declare, make_policy, make_service
from tests.monitoring.world import make_alerts

pytestmark = pytest.mark.django_db
HX = {"headers": {"HX-Request": "true"}}


def text_of(client, address, status=200, **more):
    answer = client.get(address, **more)
    assert answer.status_code == status
    return re.sub(r"\s+", " ", answer.content.decode())


@pytest.fixture
def checkout(rita, olga):
    return make_service(policy=make_policy(olga))


@pytest.fixture
def incident(rita, checkout):
    return declare(rita, services=[checkout], description="Since the release")


def mark_of(page: str) -> str:
    return re.search(r"seen=([0-9a-f]+)", page)[1]


def test_it_shows_what_goes_on(incident, checkout, client_of, nina, rita):
    shop = make_service("shop")
    Dependency.objects.create(source=shop, target=checkout, hard=True)
    incident.note("It is the disk", by=rita, kind="finding")

    page = text_of(client_of(nina), incident.get_absolute_url())

    for words in (
        "SEV2 Major",
        "Not acknowledged",
        "Checkout fails",
        "Since the release",
        "It is the disk",
        "First notice",
        "starts when resolved",
        "Rita Responder",
        "Nobody yet",
        "Not known yet",
        "May be affected next",
    ):
        assert words in page
    assert 'id="composer"' not in page and "Take it" not in page


def test_who_works_on_it_finds_the_next_thing(incident, client_of, rita):
    client, address = client_of(rita), incident.get_absolute_url()

    assert primary(text_of(client, address)) == "Acknowledge"
    incident.acknowledge(by=rita)
    assert primary(text_of(client, address)) == "Mitigated"
    incident.mitigate(by=rita)
    assert primary(text_of(client, address)) == "Resolve"
    incident.resolve(by=rita, text="More disk")
    page = text_of(client, address)
    assert primary(page) == "Close" and "More disk" in page


def primary(page: str) -> str:
    """The words of the one button that stands out."""
    (found,) = re.findall(r'class="btn btn-primary".*?</svg>([^<]*)<', page)
    return found.strip()


def test_an_open_page_asks_whether_anything_changed(incident, client_of, rita):
    client, address = client_of(rita), incident.get_absolute_url()
    seen = mark_of(text_of(client, address))

    assert client.get(f"{address}?seen={seen}", **HX).status_code == 204
    incident.note("Something", by=rita)
    live = text_of(client, f"{address}?seen={seen}", **HX)

    assert "Something" in live and 'id="room-head" hx-swap-oob' in live
    assert "<textarea" not in live and "<html" not in live
    assert mark_of(live) != seen


@pytest.mark.parametrize("change", ["alert", "presence", "run"])
def test_it_changes_also_where_nobody_touches_the_incident(
    change, incident, client_of, rita, nina, disk
):
    run = disk.runs.model.objects.start(disk, by=rita, parameters={"host": "db1"})
    incident.join_run(run, by=rita)
    alert = make_alerts()[0]
    incident.join_alerts([alert])
    client, address = client_of(rita), incident.get_absolute_url()
    seen = mark_of(text_of(client, address))

    if change == "alert":
        alert.acknowledge(by=rita)
    elif change == "run":
        run.complete_step(1, by=rita)
    else:
        client_of(nina).get(address)

    assert client.get(f"{address}?seen={seen}", **HX).status_code == 200


def test_steps_of_its_runs_stand_in_the_timeline(incident, client_of, rita, nina, disk):
    run = disk.runs.model.objects.start(disk, by=rita, parameters={"host": "db1"})
    incident.join_run(run, by=rita)
    run.complete_step(1, by=rita, note="Half is free")

    page = text_of(client_of(nina), incident.get_absolute_url())

    assert "Half is free" in page and "step 1 of" in page


def test_the_timeline_shows_only_what_is_asked_for(incident, client_of, rita, nina):
    incident.note("We fail over", by=rita, kind="decision")
    incident.note("Looking", by=rita)
    client = client_of(nina)

    page = text_of(client, f"{incident.get_absolute_url()}?show=decisions")
    assert "We fail over" in page and "Looking" not in page
    assert "Looking" in text_of(client, f"{incident.get_absolute_url()}?show=nonsense")


def test_who_has_it_open_is_here(incident, client_of, rita, nina):
    client_of(nina).get(incident.get_absolute_url())

    assert "2 people here" in text_of(client_of(rita), incident.get_absolute_url())
    later = timezone.now() + timedelta(minutes=2)
    assert not Presence.objects.here(incident, later).exists()


def test_similar_past_ones_say_how_they_ended(incident, checkout, client_of, rita, nina):
    past = declare(rita, services=[checkout], title="Checkout failed in May")
    past.resolve(by=rita, text="Rolled back")

    page = text_of(client_of(nina), incident.get_absolute_url())

    assert "Similar past incidents" in page and "Rolled back" in page


def test_names_are_never_markup(rita, client_of):
    evil = '<img src=x onerror="alert(1)">'
    service = make_service()
    type(service).objects.filter(pk=service.pk).update(name=evil)
    incident = declare(rita, title=evil, description=evil, services=[service])
    incident.note(evil, by=rita)
    incident.add_task(evil, by=rita)
    incident.add_link("https://example.org/", evil, by=rita)
    client = client_of(rita)

    for address in (incident.get_absolute_url(), "/incidents/", "/", "/incidents/new/"):
        assert "<img src=x" not in client.get(address).content.decode()


def test_nobody_without_the_right_opens_it(incident, client, client_of):
    assert client.get(incident.get_absolute_url()).status_code == 302
    assert client.get("/incidents/999/").status_code == 302


@pytest.mark.parametrize("number", ["999", str(10**30), "0"])
def test_what_does_not_exist_is_not_found(number, client_of, nina):
    assert client_of(nina).get(f"/incidents/{number}/").status_code == 404


def grow(incident, rita, count: int) -> None:
    first = Incident.objects.count()
    for n in range(first, first + count):
        incident.note(f"Note {n}", by=rita)
        incident.add_task(f"Task {n}", by=rita, owner=rita)
        incident.affect(make_service(f"s{n}"), by=rita)
        past = declare(rita, title=f"Past {n}", services=incident.services.all()[:1])
        past.resolve(by=rita, text="x")
        incident.relate(past, by=rita)


def test_much_asks_no_more_than_little(incident, client_of, rita):
    client, address = client_of(rita), incident.get_absolute_url()
    grow(incident, rita, 2)
    client.get(address)
    with CaptureQueriesContext(connection) as few:
        client.get(address)
    grow(incident, rita, 6)
    client.get(address)
    with CaptureQueriesContext(connection) as many:
        client.get(address)

    assert len(many) <= len(few)
    assert len(many) <= 34
