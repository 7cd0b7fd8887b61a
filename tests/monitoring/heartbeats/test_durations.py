"""Lengths of time as people write them."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from portal.monitoring.heartbeats import durations


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
    assert durations.duration_of(text) == timedelta(seconds=seconds)


@pytest.mark.parametrize("text", ["", "10", "h", "-1h", "1.5h", "1h,30m", "1y", "9" * 30 + "s"])
def test_what_is_no_length_of_time_is_refused(text):
    with pytest.raises(ValidationError, match="Write a length of time"):
        durations.duration_of(text)


def test_a_length_of_time_is_written_as_it_is_read():
    for text in ("1h30m", "7d", "45s", "1d2h"):
        assert durations.written(durations.duration_of(text)) == text
