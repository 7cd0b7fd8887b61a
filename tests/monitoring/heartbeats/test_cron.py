"""Cron as Debian reads it, in zones whose clocks change; lengths of time as people write them."""

import json
from datetime import UTC, datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError

from portal.monitoring.heartbeats import schedule, spans


def instants(case: dict, count: int) -> list[str]:
    """As texts: times of an hour that comes twice are equal to no others."""
    start = datetime.fromisoformat(case["start"]).replace(tzinfo=ZoneInfo(case["tz"]))
    runs = schedule.runs(schedule.normalised(case["expr"]), case["tz"], start)
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
            schedule.normalised(expression)

    assert len(invalid) == 13


@pytest.mark.parametrize(
    ("nickname", "expression"),
    [("@daily", "0 0 * * *"), ("@HOURLY", "0 * * * *"), (" @weekly ", "0 0 * * 0")],
)
def test_nicknames_are_translated(nickname, expression):
    assert schedule.normalised(nickname) == expression


@pytest.mark.parametrize(
    ("expression", "said"),
    [
        ("0 0 3 * * *", "six fields"),
        ("@reboot", "no time of day"),
        ("0 3", "2 fields"),
        ("0 0 30 2 *", "day"),
        ("61 * * * *", "minute"),
        ("* " * 60, "100 characters"),
    ],
)
def test_what_is_refused_says_why(expression, said):
    with pytest.raises(ValidationError, match=said):
        schedule.normalised(expression)


def test_it_is_said_in_words_with_its_next_runs():
    after = datetime(2026, 3, 28, 12, tzinfo=UTC)

    assert schedule.in_words("40 8,20 * * 1-5") == "At 08:40 and 20:40 on Monday through Friday"
    runs = schedule.next_runs("30 2 * * *", "Europe/Berlin", after, 2)
    assert [each.isoformat() for each in runs] == [
        "2026-03-29T03:00:00+02:00",  # 02:30 does not exist on that day
        "2026-03-30T02:30:00+02:00",
    ]


def test_a_zone_that_is_none_is_refused():
    assert schedule.known_zone("Europe/Riga") == "Europe/Riga"
    for name in ("Mars/Base", "", "../etc/passwd", "europe/riga "):
        with pytest.raises(ValidationError, match="no time zone"):
            schedule.known_zone(name)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("90s", 90),
        ("10m", 600),
        ("10 min", 600),
        ("1h30m", 5400),
        ("1h 30m", 5400),
        ("7D", 604_800),
    ],
)
def test_lengths_of_time_are_read_as_people_write_them(text, seconds):
    assert spans.span_of(text) == timedelta(seconds=seconds)


@pytest.mark.parametrize("text", ["", "10", "h", "-1h", "1.5h", "1h,30m", "1y", "9" * 30 + "s"])
def test_what_is_no_length_of_time_is_refused(text):
    with pytest.raises(ValidationError, match="Write a length of time"):
        spans.span_of(text)


def test_a_length_of_time_is_written_as_it_is_read():
    for text in ("1h30m", "7d", "45s", "1d2h"):
        assert spans.written(spans.span_of(text)) == text
