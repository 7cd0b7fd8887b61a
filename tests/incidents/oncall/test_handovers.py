"""Who takes over is told once, with what the shift before left."""

from datetime import timedelta

import pytest

from incidents.models import Rotation
from incidents.oncall.handovers import tell_shifts
from incidents.oncall.hours import hours_of
from incidents.oncall.summary import Period, summary
from portal.architecture.models import Service
from portal.monitoring.alerts.arrivals import take
from portal.monitoring.alerts.reports import Report
from portal.monitoring.muting import verbs as muting
from portal.notifications.models import Delivery
from tests.incidents.world import declare

from .world import AT, DAY, HOUR, make_rotation, week

pytestmark = pytest.mark.django_db
MONDAY = AT + 6 * DAY - HOUR  # 30 November, 09:00 UTC: Rita takes over from Alice


@pytest.fixture
def orders(rotation):
    service = Service.objects.create(slug="orders", name="Orders")
    rotation.services.add(service)
    return service


def run(*times):
    return [tell_shifts(at) for at in times]


def fire(name, at, **more):
    report = Report(
        fingerprint=name,
        name=name,
        is_firing=True,
        starts_at=at,
        labels={"alertname": name, "service": "orders"},
        **more,
    )
    take([report], source="test", at=at)


def test_a_shift_is_told_when_it_begins_and_a_day_before_each_once(rotation, told):
    run(MONDAY - 2 * DAY)  # the first look says nothing
    run(*(MONDAY - DAY + n * timedelta(minutes=2) for n in (-1, 0, 1, 2)))
    run(*(MONDAY + n * timedelta(minutes=2) for n in (-1, 0, 1, 2)))

    assert told() == [
        ("On call tomorrow: Databases", "rita"),
        ("You are on call: Databases", "rita"),
    ]


def test_of_engines_that_look_at_once_one_tells(rotation, told):
    run(MONDAY - HOUR)
    assert run(MONDAY + HOUR, MONDAY + HOUR) == [True, False]
    Rotation.objects.update(told_until=MONDAY - HOUR)  # as if its record had been lost
    run(MONDAY + HOUR)

    assert told() == [("You are on call: Databases", "rita")]


def test_after_hours_without_an_engine_who_is_on_call_now_is_told(rotation, told):
    run(MONDAY - HOUR, MONDAY + 7 * HOUR)

    assert told() == [("You are on call: Databases", "rita")]


def test_a_new_rotation_and_one_in_which_nobody_takes_over_are_quiet(rita, paul, told):
    make_rotation(rita, by=paul)
    run(MONDAY - HOUR, MONDAY + HOUR)

    assert told() == []


def test_of_nights_in_a_row_the_first_is_told_the_day_before(rita, alice, paul, told):
    nights = hours_of("Mon-Sun 22:00-06:00")
    make_rotation(by=paul, layers=[week(alice), week(rita, name="Night", hours=nights)])
    first = Rotation.objects.get()
    first.layers.filter(name="Night").update(starts_on=MONDAY.date())
    run(*(MONDAY - DAY + n * HOUR for n in range(0, 72, 2)))

    assert [each for each in told() if each[1] == "rita"] == [
        ("On call tomorrow: Databases", "rita"),
        ("You are on call: Databases", "rita"),
        ("You are on call: Databases", "rita"),
    ]


def test_the_summary_says_what_is_open_what_woke_people_and_what_changed(orders, rotation, paul):
    fire("DiskFillsUp", MONDAY - 30 * HOUR, severity="critical")  # on Sunday at 03:00
    fire("Slow", MONDAY - 31 * HOUR, severity="warning")
    about = {"title": "Move", "starts_at": MONDAY + DAY, "duration": HOUR}
    muting.plan(services=[orders], by=paul, at=MONDAY, **about)

    sections = summary(Period(rotation, MONDAY - 7 * DAY, MONDAY, paul))
    assert {each.title: [item.title for item in each.items] for each in sections} == {
        "Open incidents": [],
        "Incidents that are over": [],
        "Open alerts": ["DiskFillsUp", "Slow"],
        "What called at night": ["DiskFillsUp"],
        "Runbooks that changed": [],
        "Maintenance in the next 7 days": ["Move"],
    }
    run(MONDAY - HOUR, MONDAY + HOUR)
    text = Delivery.objects.get(key__startswith="oncall-begins").text
    assert "You are on call for Databases until Mon 7 Dec 2026, 09:00." in text
    assert "DiskFillsUp (Orders)" in text and "No runbook of its services changed." in text


def test_the_summary_has_the_incidents_that_its_reader_may_see(orders, rotation, rita, paul):
    about = {"services": [orders], "at": MONDAY - 9 * DAY}
    declare(rita, title="Open", **about)
    declare(rita, title="Ended since", **about).resolve(by=rita, at=MONDAY - DAY)
    declare(rita, title="Ended before", **about).resolve(by=rita, at=MONDAY - 8 * DAY)
    declare(rita, title="Of nothing", at=MONDAY - DAY)
    declare(rita, title="Elsewhere", services=[Service.objects.create(slug="x", name="X")])
    declare(rita, title="Drill", is_drill=True)
    declare(rita, title="Secret", is_restricted=True, **about)

    def said(reader) -> list:
        sections = summary(Period(rotation, MONDAY - 7 * DAY, MONDAY, reader))[:2]
        return [[item.title.partition(": ")[2] for item in each.items] for each in sections]

    assert said(paul) == [["Of nothing", "Open"], ["Ended since"]]
    assert said(rita) == [["Of nothing", "Secret", "Open"], ["Ended since"]]


def test_a_runbook_that_was_published_since_is_a_change(orders, rotation, disk, paul):
    disk.services.add(orders)
    published = disk.published.published_at
    period = Period(rotation, published - HOUR, published + HOUR, paul)

    (items,) = (each.items for each in summary(period) if each.title == "Runbooks that changed")
    assert [item.title for item in items] == [str(disk)]
