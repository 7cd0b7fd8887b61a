"""Cron as Debian reads it, in zones whose clocks change."""

import json
from datetime import UTC, datetime
from itertools import islice
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError

from portal.core.data import schedules


def instants(case: dict, count: int) -> list[str]:
    """As texts: times of an hour that comes twice are equal to no others."""
    start = datetime.fromisoformat(case["start"]).replace(tzinfo=ZoneInfo(case["tz"]))
    runs = schedules.runs(schedules.normalised(case["expr"]), case["tz"], start)
    return [each.isoformat() for each in islice(runs, count)]


def test_it_equals_the_vectors_on_which_libraries_agree(shared):
    vectors = json.loads(shared("cron/vectors_agreed.json").read_text())["vectors"]
    wrong = []
    for case in vectors:
        expected = case["next"]
        if instants(case, len(expected)) != expected:
            wrong.append((case["expr"], case["tz"]))

    assert len(vectors) > 800 and wrong == []


def test_it_equals_the_vectors_of_days_on_which_clocks_change(shared):
    cases = json.loads(shared("cron/vectors_cronsim.json").read_text())["iterator_and_dst"]
    wrong = []
    for case in cases:
        expected = case["expected"]
        if instants(case, len(expected)) != expected:
            wrong.append(case["name"])

    assert len(cases) == 33 and wrong == []


def test_in_autumn_a_job_at_a_fixed_time_runs_once(shared):
    for case in json.loads(shared("cron/vectors_disagree.json").read_text()):
        expected = case["cronsim"]
        assert instants(case, len(expected)) == expected


def test_what_is_no_expression_is_refused(shared):
    invalid = json.loads(shared("cron/vectors_cronsim.json").read_text())["invalid"]
    for expression in invalid:
        with pytest.raises(ValidationError):
            schedules.normalised(expression)

    assert len(invalid) == 13


@pytest.mark.parametrize(
    ("nickname", "expression"),
    [("@daily", "0 0 * * *"), ("@HOURLY", "0 * * * *"), (" @weekly ", "0 0 * * 0")],
)
def test_nicknames_are_translated(nickname, expression):
    assert schedules.normalised(nickname) == expression


@pytest.mark.parametrize(
    ("expression", "said"),
    [
        ("0 0 3 * * *", "six fields"),
        ("@reboot", "no time of day"),
        ("0 3", "2 of five fields"),
        ("0 0 30 2 *", "This never happens: February has no 30th."),
        ("0 0 31 04 *", "This never happens: April has no 31st."),
        ("0 0 31 2,4 *", "This never happens: no month of “2,4” has a day of “31”."),
        ("61 * * * *", "The minute “61” is wrong: write 0 to 59."),
        ("0 25 * * *", "The hour “25” is wrong: write 0 to 23."),
        ("0 0 32 2 *", "The day of the month “32” is wrong"),
        ("0 0 1 13 *", "The month “13” is wrong"),
        ("0 0 * * 9", "The day of the week “9” is wrong"),
        ("* " * 60, "100 characters"),
    ],
)
def test_what_is_refused_says_why(expression, said):
    with pytest.raises(ValidationError, match=said):
        schedules.normalised(expression)


def test_it_is_said_in_words_with_its_next_runs():
    after = datetime(2026, 3, 28, 12, tzinfo=UTC)

    assert schedules.in_words("40 8,20 * * 1-5") == "At 08:40 and 20:40 on Monday through Friday"
    runs = schedules.next_runs("30 2 * * *", "Europe/Berlin", after, 2)
    assert [each.isoformat() for each in runs] == [
        "2026-03-29T03:00:00+02:00",  # 02:30 does not exist on that day
        "2026-03-30T02:30:00+02:00",
    ]


def test_a_zone_that_is_none_is_refused():
    assert schedules.known_zone("Europe/Riga") == "Europe/Riga"
    for name in ("Mars/Base", "", "../etc/passwd", "europe/riga "):
        with pytest.raises(ValidationError, match="no time zone"):
            schedules.known_zone(name)
