"""Shifts, by themselves: who is on call from when to when, whatever clocks do."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from incidents.oncall.plans import (
    Hours,
    LayerPlan,
    OnHolidays,
    OverridePlan,
    Plan,
)
from incidents.oncall.shifts import FARTHEST, from_then, gaps, next_shift, shift_at, shifts
from incidents.oncall.wall_clock import moment, shown

BERLIN = ZoneInfo("Europe/Berlin")
WEEK = 168
ANA, BEN, CARA = 1, 2, 3


def at(text: str, zone=BERLIN) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(UTC)


def layer(*members, key=1, zone=BERLIN, **more) -> LayerPlan:
    about = {"starts_on": date(2026, 3, 2), "hand_over": time(9), "every": WEEK, **more}
    return LayerPlan(key=key, zone=zone, members=members, **about)


def said(found) -> list[tuple]:
    return [(each.person, f"{each.starts_at.astimezone(BERLIN):%d.%m. %H:%M}") for each in found]


def test_people_take_turns_of_a_week_at_the_same_hour_of_the_wall():
    """In the night of 29 March clocks go forward."""
    plan = Plan((layer(ANA, BEN),))

    assert said(shifts(plan, at("2026-03-17T12:00"), at("2026-04-07T00:00"))) == [
        (ANA, "17.03. 12:00"),
        (BEN, "23.03. 09:00"),
        (ANA, "30.03. 09:00"),
        (BEN, "06.04. 09:00"),
    ]
    assert shift_at(plan, at("2026-03-24T00:00")).span == timedelta(hours=WEEK - 1)


def test_a_time_that_clocks_skip_is_when_they_do_and_one_shown_twice_is_the_first():
    plan = Plan((layer(ANA, BEN, hand_over=time(2, 30), every=24),))

    (gone,) = (s for s in shifts(plan, at("2026-03-29T00:00"), at("2026-03-29T12:00"))[1:])
    assert gone.starts_at == datetime(2026, 3, 29, 1, tzinfo=UTC)
    (twice,) = (s for s in shifts(plan, at("2026-10-25T00:00"), at("2026-10-25T12:00"))[1:])
    assert twice.starts_at == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_the_higher_layer_wins_where_it_has_somebody():
    nights = layer(CARA, key=2, hours=(Hours(frozenset(range(7)), time(22), time(6)),))
    plan = Plan((nights, layer(ANA)))

    assert said(shifts(plan, at("2026-03-03T12:00"), at("2026-03-04T12:00"))) == [
        (ANA, "03.03. 12:00"),
        (CARA, "03.03. 22:00"),
        (ANA, "04.03. 06:00"),
    ]


def test_the_turn_of_who_left_falls_to_the_layer_below_or_is_a_gap():
    left, below = layer(None, BEN, key=2), layer(ANA)

    assert Plan((left, below)).holder(at("2026-03-03T12:00")).person == ANA
    alone = Plan((left,))
    assert alone.holder(at("2026-03-03T12:00")).is_gap
    assert alone.holder(at("2026-03-10T12:00")).person == BEN


def test_hours_without_anybody_are_a_gap_unless_they_are_off_as_planned():
    office = layer(ANA, hours=(Hours(frozenset(range(5)), time(8), time(18)),))
    since, until = at("2026-03-06T12:00"), at("2026-03-09T12:00")

    (gap,) = gaps(Plan((office,)), since, until)
    assert gap.span == timedelta(hours=62)
    quiet = Plan((office,), is_always=False)
    assert gaps(quiet, since, until) == []
    assert [each.is_off for each in shifts(quiet, since, until)] == [False, True, False]
    nobody = Plan((layer(None, hours=office.hours),), is_always=False)
    assert len(gaps(nobody, since, until)) == 2


def test_the_newest_override_wins_and_nobody_on_purpose_is_no_gap():
    since, until = at("2026-03-03T00:00"), at("2026-03-04T00:00")
    old = OverridePlan(1, BEN, since, until)
    new = OverridePlan(2, None, since + timedelta(hours=6), until, is_nobody=True)
    gone = OverridePlan(3, None, since, until)  # somebody who left
    plan = Plan((layer(ANA),), (gone, new, old))

    found = shifts(plan, since, until)
    assert [(each.person, each.is_off, each.is_override) for each in found] == [
        (BEN, False, True),
        (None, True, True),
    ]
    assert plan.without_overrides().holder(since).person == ANA


@pytest.mark.parametrize(
    ("rule", "expected"),
    [(OnHolidays.USUAL, ANA), (OnHolidays.ALSO, CARA), (OnHolidays.NOT, ANA)],
)
def test_on_holidays_a_layer_applies_also_or_not(rule, expected):
    weekend = Hours(frozenset({5, 6}), time(0), time(0))
    top = layer(CARA, key=2, hours=(weekend,), on_holidays=rule, holidays={date(2026, 5, 14)})
    plan = Plan((top, layer(ANA)))

    assert plan.holder(at("2026-05-14T00:00")).person == expected
    assert plan.holder(at("2026-05-15T00:00")).person == ANA
    assert plan.holder(at("2026-05-16T10:00")).person == CARA
    times = {
        each.starts_at for each in shifts(plan, at("2026-05-13T12:00"), at("2026-05-15T12:00"))
    }
    assert (at("2026-05-15T00:00") in times) == (rule == OnHolidays.ALSO)


def test_a_layer_that_does_not_apply_on_a_holiday_leaves_it_to_the_one_below():
    top = layer(CARA, key=2, on_holidays=OnHolidays.NOT, holidays={date(2026, 5, 14)})
    plan = Plan((top, layer(ANA)))

    found = shifts(plan, at("2026-05-13T12:00"), at("2026-05-15T12:00"))
    assert [each.person for each in found] == [CARA, ANA, CARA]
    assert found[1].span == timedelta(days=1)


def test_before_its_first_day_and_after_its_last_one_a_layer_has_nobody():
    plan = Plan((layer(ANA, ends_on=date(2026, 3, 16)),))

    assert plan.holder(at("2026-03-02T08:59")).is_gap
    assert plan.holder(at("2026-03-02T09:00")).person == ANA
    assert plan.holder(at("2026-03-16T09:00")).is_gap


def test_of_a_rotation_in_which_nothing_changes_the_shift_is_as_long_as_is_looked():
    empty = Plan()
    now = at("2026-03-03T00:00")

    assert shift_at(empty, now).span == 2 * FARTHEST
    assert next_shift(empty, now) is None
    assert len(from_then(empty, now)) == 1


ZONES = st.sampled_from(["UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe"])
TIMES = st.builds(time, st.integers(0, 23), st.sampled_from([0, 30]))
DAYS = st.dates(date(2026, 2, 20), date(2026, 4, 10))
HOURS = st.builds(Hours, st.frozensets(st.integers(0, 6), min_size=1), TIMES, TIMES)
PEOPLE = st.lists(st.one_of(st.none(), st.integers(1, 4)), max_size=4).map(tuple)
MINUTES = st.integers(0, 60 * 24 * 60)
START = datetime(2026, 2, 25, tzinfo=UTC)


@st.composite
def layers(draw, zone):
    key, begins = draw(st.integers(1, 9)), draw(DAYS)
    ends = draw(st.one_of(st.none(), st.integers(1, 40)))
    return LayerPlan(
        key=key,
        zone=zone,
        starts_on=begins,
        hand_over=draw(TIMES),
        every=draw(st.sampled_from([1, 5, 8, 12, 24, 48, WEEK, 2 * WEEK])),
        members=draw(PEOPLE),
        ends_on=begins + timedelta(days=ends) if ends else None,
        hours=tuple(draw(st.lists(HOURS, max_size=2))),
        on_holidays=draw(st.sampled_from(OnHolidays)),
        holidays=draw(st.frozensets(DAYS, max_size=6)),
    )


@st.composite
def overrides(draw):
    begin = START + timedelta(minutes=draw(MINUTES))
    end = begin + timedelta(minutes=draw(st.integers(1, 9000)))
    person = draw(st.one_of(st.none(), st.integers(1, 4)))
    is_nobody = person is None and draw(st.booleans())
    return OverridePlan(draw(st.integers(1, 99)), person, begin, end, is_nobody)


@st.composite
def plans(draw):
    zone = ZoneInfo(draw(ZONES))
    return Plan(
        tuple(draw(st.lists(layers(zone), max_size=3))),
        tuple(draw(st.lists(overrides(), max_size=3))),
        draw(st.booleans()),
    )


@settings(max_examples=60, deadline=None)
@given(plans(), MINUTES, st.integers(1, 30 * 24 * 60), st.lists(st.integers(0, 10**6), max_size=40))
def test_shifts_tile_the_time_and_hold_who_is_on_call_at_each_moment(plan, begin, length, places):
    since = START + timedelta(minutes=begin)
    until = since + timedelta(minutes=length)
    found = shifts(plan, since, until)

    assert (found[0].starts_at, found[-1].ends_at) == (since, until)
    assert all(a.ends_at == b.starts_at and a.holder != b.holder for a, b in pairwise(found))
    assert all(each.span > timedelta() for each in found)
    for place in places:
        when = since + (until - since) * (place / 10**6) * 0.999999
        (holding,) = (each for each in found if each.holds(when))
        assert holding.holder == plan.holder(when)


@settings(max_examples=40, deadline=None)
@given(plans(), MINUTES)
def test_the_shift_of_a_moment_is_the_same_wherever_one_looks_from(plan, minute):
    now = START + timedelta(minutes=minute)
    whole = shift_at(plan, now)

    assert whole.holds(now) and whole.holder == plan.holder(now)
    if whole.span < FARTHEST:
        again = shift_at(plan, whole.starts_at)
        assert again == whole
        following = next_shift(plan, now)
        assert following is None or following.starts_at == whole.ends_at


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 366 * 24 * 60), st.integers(0, 10_000), ZONES)
def test_a_later_time_of_the_wall_is_never_an_earlier_moment(minute, more, zone):
    place = ZoneInfo(zone)
    wall = datetime.combine(date(2026, 1, 1), time()) + timedelta(minutes=minute)
    later = wall + timedelta(minutes=more)

    assert moment(wall, place) <= moment(later, place)
    assert shown(moment(wall, place), place) >= wall
