"""The room of one incident: what everybody sees, and what changes by itself."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from incidents.models import Communication, Incident, Presence
from incidents.room.timeline import lines_of
from portal.architecture.models import Dependency
from tests.incidents.world import declare, make_policy, make_service, severity
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
    assert primary(page) == "" and "Close" in page and "More disk" in page


def test_when_it_is_worse_somebody_has_to_say_again_that_they_have_it(
    incident, client_of, rita, olga
):
    client, address = client_of(rita), incident.get_absolute_url()
    incident.acknowledge(by=rita)
    incident.change_severity(severity(1), by=rita)

    page = text_of(client, address)
    assert "Not acknowledged since the severity changed" in page and primary(page) == "Acknowledge"
    assert f"by {rita}, before the severity changed" in page

    incident.acknowledge(by=olga)
    assert "since the severity changed" not in text_of(client, address)


def test_who_was_told_of_it_has_to_hear_the_end(incident, client_of, rita):
    client, address = client_of(rita), incident.get_absolute_url()
    desk = f"{address}communicate/"
    say(incident, rita, "customers", "notice")
    say(incident, rita, "responders", "notice")
    assert "Update" in chosen(client, desk) and "Customers" in chosen(client, desk)
    assert "still wait" not in text_of(client, address)

    incident.resolve(by=rita)
    page = text_of(client, address)
    assert "Customers and Responders still wait for the resolution" in page
    assert primary(page) == "Write it" and f'href="{desk}?to=customers"' in page
    assert "Customers" in chosen(client, desk) and "Resolution" in chosen(client, desk)

    say(incident, rita, "customers", "resolution")
    say(incident, rita, "responders", "resolution")
    assert "still wait" not in text_of(client, address)


def say(incident, by, audience, moment) -> None:
    text = {"subject": "Payments fail", "internal_text": "We look.", "public_text": "We look."}
    about = {"audience": audience, "moment": moment, "by": by, "at": timezone.now()}
    row = Communication.objects.draft(incident, **about, **text)
    Communication.objects.filter(pk=row.pk).update(state="sent", sent_at=timezone.now())


def chosen(client, address) -> list[str]:
    return re.findall(r'aria-current="true">([^<]*)<', text_of(client, address))


def test_without_a_runbook_it_offers_those_that_may_help(incident, client_of, rita, nina, disk):
    disk.services.add(incident.services.get())
    client, address = client_of(rita), incident.get_absolute_url()

    page = text_of(client, address)
    start = f"{address}runs/start/?runbook={disk.slug}"
    assert "It was opened without a runbook" in page and f'href="{start}"' in page

    answer = client.post(start, {"p-host": "db1"})
    assert answer.headers["Location"] == incident.incident_runs.get().run.get_absolute_url()
    assert start not in text_of(client, address)
    assert client.get(f"{address}runs/start/?runbook=none").status_code == 404


def test_runs_and_incidents_are_offered_by_name(incident, client_of, rita, disk):
    other = declare(rita, title="Search is slow")
    hidden = declare(rita, title="Nobody knows")
    hidden.restrict(by=rita)
    run = disk.runs.model.objects.start(disk, by=rita, parameters={"host": "db1"})
    client, address = client_of(rita), incident.get_absolute_url()

    line = re.search(rf'<option value="({run.pk}: {disk}, [^"]*)"', text_of(client, address))
    assert client.post(f"{address}runs/", {"run": line[1]}).status_code == 302
    assert incident.incident_runs.get().run == run
    assert f'value="{other}"' in text_of(client, f"{address}merge/")
    assert client.post(f"{address}relate/", {"other": str(other)}).status_code == 302
    hidden.participants.all().delete()
    assert "Nobody knows" not in text_of(client, f"{address}relate/")


def test_a_long_timeline_shows_its_newest_part_and_all_of_it_when_asked(incident, client_of, rita):
    for number in range(30):
        incident.note(f"Entry {number:02}.", by=rita)
    client, address = client_of(rita), incident.get_absolute_url()

    page = text_of(client, address)
    assert "Entry 29." in page and "Entry 05." not in page and "Show all entries" in page
    assert "Entry 05." in text_of(client, f"{address}?log=all")


def test_what_people_wrote_can_be_pinned_and_what_ran_says_how_it_ended(incident, client_of, rita):
    note, client = incident.note("The call is on 1234", by=rita), client_of(rita)
    page = text_of(client, incident.get_absolute_url())
    assert re.findall(r'id="pin-(\d+)"', page) == [str(note.pk)]

    incident.resolve(by=rita)
    assert "not due any more" in text_of(client, incident.get_absolute_url())


def primary(page: str) -> str:
    """The words of the one button that stands out, if any does."""
    found = re.findall(r'class="btn btn-primary".*?</svg>([^<]*)<', page)
    assert len(found) <= 1
    return found[0].strip() if found else ""


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


def test_alerts_that_are_over_are_no_bad_news(incident):
    incident.join_alerts(make_alerts()[:1])
    incident.end_alerts(incident.incident_alerts.all(), at=timezone.now())

    lines = [line for line in lines_of(incident, [])[0] if line.entry.kind == "alert"]
    assert [line.status.tone for line in lines] == ["ok", "ok", "bad"]


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
    about = {"services": [checkout], "at": incident.declared_at - timedelta(days=9)}
    declare(rita, title="Checkout is slow since May", **about)
    past = declare(rita, title="Checkout failed in May", **about)
    past.resolve(by=rita, text="Rolled back")

    page = text_of(client_of(nina), incident.get_absolute_url())
    similar = page.partition("Similar past incidents")[2]

    assert "Rolled back" in similar and "since May" not in similar  # which is open


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
