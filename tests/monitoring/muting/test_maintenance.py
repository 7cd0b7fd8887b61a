"""Maintenance mutes its services during its windows, and is announced once."""

import re
from datetime import UTC, datetime, timedelta

import icalendar
import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from portal.core.problems import Refused
from portal.monitoring.maintenance.announcements import announce, plan_ahead
from portal.monitoring.maintenance.feed import address_for, calendar_of
from portal.monitoring.models import Maintenance, Window
from portal.monitoring.models.maintenance import WindowOver
from portal.monitoring.models.schedule import starts, validate_cron, validate_zone
from portal.monitoring.muting import verbs
from portal.monitoring.muting.settlement import settle

from .conftest import AT, after

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def planned(service, rita, at):
    def make(*slugs, **more):
        about = {"title": "Storage move", "starts_at": at, "duration": HOUR, **more}
        return verbs.plan(by=rita, at=at, services=[service(slug) for slug in slugs], **about)

    return make


def test_alerts_of_its_services_call_nobody(planned, fire, told):
    planned("orders")
    muted, loud = fire(at=after(minutes=1)), fire(of="payments", at=after(minutes=1))

    assert (muted.muted_by, loud.muted_by) == ("maintenance", "")
    assert told() == ["Fires: DiskFillsUp"]


def test_one_for_all_mutes_also_what_has_no_service(planned, fire):
    planned(is_for_all=True)

    assert fire(of="", at=after(minutes=1)).muted_by == "maintenance"


def test_what_still_fires_at_its_end_is_announced_at_once(planned, fire, told):
    planned("orders")
    fire(at=after(minutes=1))
    assert [settle(after(hours=1)) for _ in range(2)] == [True, False]

    assert told() == ["Still fires: DiskFillsUp"]


def test_begin_and_end_are_announced_once_to_owners_and_watchers(planned, service, told, nina, at):
    service("orders").watchers.add(nina)
    planned("orders")

    assert [announce(after(minutes=1)) for _ in range(2)] == [True, False]
    assert [announce(after(hours=1)) for _ in range(2)] == [True, False]
    assert told() == ["Maintenance begins: Storage move", "Maintenance is over: Storage move"]
    assert nina.deliveries.count() == 2


def test_nothing_is_announced_of_a_window_that_no_engine_saw(planned, told):
    planned("orders")
    announce(after(hours=2))

    assert told() == []


def test_ended_early_it_mutes_no_longer(planned, fire, told, rita):
    plan = planned("orders")
    fire(at=after(minutes=1))
    verbs.end(plan.windows.get(), by=rita, at=after(minutes=10))

    assert told() == ["Still fires: DiskFillsUp"]
    with pytest.raises(WindowOver):
        verbs.end(plan.windows.get(), by=rita, at=after(minutes=11))


def test_one_window_is_cancelled_and_the_others_stay(planned, rita):
    plan = planned("orders", cron="0 3 * * *", zone="UTC")
    first, second = plan.windows.all()[:2]
    verbs.end(first, by=rita, at=AT)
    plan_ahead(after(hours=1))

    assert list(Window.objects.upcoming(AT)[:1]) == [second]
    assert plan.windows.filter(starts_at=first.starts_at).count() == 1


def test_cancelled_nothing_of_it_is_left(planned, fire, rita):
    plan = planned("orders", cron="0 * * * *", zone="UTC")
    alert = fire(at=after(minutes=1))
    verbs.cancel(plan, by=rita, at=after(minutes=5))
    alert.refresh_from_db()

    assert alert.muted_by == ""
    assert not plan.windows.current(after(minutes=5)).exists()
    plan_ahead(after(days=30))
    assert not plan.windows.current(after(days=30)).exists()
    with pytest.raises(WindowOver):
        plan.cancel(by=rita, at=after(minutes=6))


def test_engines_make_the_next_windows_once(planned):
    plan = planned("orders", cron="0 3 * * 0", zone="UTC")
    count = plan.windows.count()
    for _ in range(2):
        plan_ahead(after(days=7))

    assert plan.windows.count() == count + 1


def test_no_window_begins_after_the_last_day(planned):
    plan = planned("orders", cron="0 3 * * *", zone="UTC", until=after(days=3))

    assert plan.windows.count() == 3


@pytest.mark.parametrize(
    ("cron", "zone", "since", "expected"),
    [
        # the hour that summer time skips is made up for after it, and it is one hour less of UTC
        ("30 2 * * *", "Europe/Berlin", "2026-03-28T00:00", ["28T01:30", "29T01:00", "30T00:30"]),
        # the hour that comes twice is taken once
        ("30 2 * * *", "Europe/Berlin", "2026-10-24T00:00", ["24T00:30", "25T00:30", "26T01:30"]),
        (
            "0 22 * * *",
            "America/New_York",
            "2026-11-01T00:00",
            ["01T02:00", "02T03:00", "03T03:00"],
        ),
        ("0 0 * * *", "Asia/Kathmandu", "2026-11-01T00:00", ["01T18:15", "02T18:15", "03T18:15"]),
    ],
)
def test_it_recurs_at_the_hour_of_its_zone(cron, zone, since, expected):
    times = starts(cron, zone, datetime.fromisoformat(since).replace(tzinfo=UTC))

    assert [f"{next(times):%dT%H:%M}" for _ in expected] == expected


def test_a_window_has_its_length_also_when_clocks_change(planned):
    began = datetime(2027, 3, 27, tzinfo=UTC)
    plan = planned(
        "orders", cron="0 1 * * *", zone="Europe/Berlin", starts_at=began, duration=4 * HOUR
    )

    assert {row.ends_at - row.starts_at for row in plan.windows.all()} == {4 * HOUR}


@pytest.mark.parametrize(
    ("more", "pointer"),
    [
        ({"duration": timedelta(minutes=4)}, "/duration"),
        ({"duration": timedelta(days=8)}, "/duration"),
        ({"starts_at": after(days=400)}, "/starts_at"),
        ({"starts_at": after(hours=-2)}, "/starts_at"),
        ({"until": after(days=3)}, "/until"),
        ({"is_for_all": True}, "/services"),
        ({"cron": "0 3 1 1 *", "until": after(days=3)}, "/until"),
    ],
)
def test_what_makes_no_sense_is_refused_and_nothing_is_kept(planned, more, pointer):
    with pytest.raises(Refused) as refused:
        planned("orders", **more)
    assert refused.value.extra["pointer"] == pointer
    assert not Maintenance.objects.exists()


@pytest.mark.parametrize(
    "cron", ["", "* * * * *", "*/20 * * * *", "0 3 31 2 *", "x", "0 0 3 * * *"]
)
def test_other_expressions_are_refused(cron):
    with pytest.raises(ValidationError):
        validate_cron(cron)


def test_unknown_zones_are_refused():
    with pytest.raises(ValidationError):
        validate_zone("Mars/Olympus")


def test_the_calendar_names_every_window(planned, at):
    planned("orders", note="Line one\nBEGIN:VEVENT; <b>", title="Move, of all")
    calendar = icalendar.Calendar.from_ical(calendar_of(list(Window.objects.all()), at))

    (event,) = calendar.walk("VEVENT")
    assert (event["SUMMARY"], event.decoded("DTSTART")) == ("Move, of all", at)
    assert "BEGIN:VEVENT; <b>" in event["DESCRIPTION"]


def test_the_feed_opens_for_its_person_until_the_password_changes(planned, nina):
    planned("orders")
    address = re.sub(r"^https?://[^/]+", "", address_for(nina))
    answer = Client().get(address)

    assert (answer.status_code, answer.headers["Content-Type"]) == (
        200,
        "text/calendar; charset=utf-8",
    )
    assert Client().get(address.replace("/feed/", "/feed/x")).status_code == 404
    nina.set_password("another one, quite long")
    nina.save()
    assert Client().get(address).status_code == 404


def test_whoever_has_no_password_ends_an_address_too(planned, nina, rita, client_of):
    """As people do who sign in with their identity provider."""
    nina.set_unusable_password()
    nina.save()
    address, other = (re.sub(r"^https?://[^/]+", "", address_for(each)) for each in (nina, rita))
    assert Client().get(address).status_code == 200

    browser = client_of(nina)
    page = browser.post("/monitoring/maintenance/new-feed/", follow=True)
    nina.refresh_from_db()
    renewed = re.sub(r"^https?://[^/]+", "", address_for(nina))
    assert "The old one opens nothing any more" in page.content.decode()
    assert renewed in page.content.decode()
    statuses = [Client().get(each).status_code for each in (address, renewed, other)]
    assert statuses == [404, 200, 200]


def test_the_feed_ends_with_the_right_to_read(planned, nina):
    address = re.sub(r"^https?://[^/]+", "", address_for(nina))
    nina.is_active = False
    nina.save()

    assert Client().get(address).status_code == 404


def test_a_window_of_a_cancelled_plan_mutes_nothing_whoever_made_it(planned, fire, rita, at):
    """As an engine of an older version made it while somebody cancelled the plan."""
    plan = planned("orders")
    verbs.cancel(plan, by=rita, at=after(minutes=5))
    times = {"starts_at": after(minutes=1), "ends_at": after(hours=9)}
    Window.objects.create(maintenance=plan, **times)

    assert fire(at=after(minutes=6)).muted_by == ""
    rows, now = Window.objects.all(), after(minutes=6)
    assert not rows.active(now).exists() and not rows.upcoming(at).exists()
    assert not rows.to_announce_start(now).exists()
    assert rows.past(now).count() == 2
    assert [each.ends_at for each in rows.kept()] == [after(minutes=5)]  # that it is over is told


def test_an_engine_makes_no_window_of_a_plan_that_was_cancelled_meanwhile(planned, rita, at):
    plan = planned("orders", cron="0 3 * * *")
    stale = Maintenance.objects.get(pk=plan.pk)  # as an engine read it
    verbs.cancel(plan, by=rita, at=after(minutes=5))
    Window.objects.all().delete()

    assert stale.extend(after(minutes=5)) == 0
    assert not Window.objects.exists()
