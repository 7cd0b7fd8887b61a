"""Hours of layers, as people write them."""

from datetime import time

import pytest
from django.core.exceptions import ValidationError

from incidents.oncall.hours import hours_of, written


@pytest.mark.parametrize(
    ("text", "days", "begins", "ends"),
    [
        ("Mon-Fri 18:00-08:00", {0, 1, 2, 3, 4}, time(18), time(8)),
        ("Sat,Sun 00:00-24:00", {5, 6}, time(0), time(0)),
        ("monday \u2013 wednesday, sun 9:00 \u2013 17:30", {0, 1, 2, 6}, time(9), time(17, 30)),
        ("Fri-Mon 17:00-08:00", {4, 5, 6, 0}, time(17), time(8)),
    ],
)
def test_a_line_is_days_and_hours(text, days, begins, ends):
    (found,) = hours_of(text)

    assert (found.weekdays, found.begins, found.ends) == (days, begins, ends)


def test_what_is_read_is_written_the_same():
    text = "Mon-Fri 18:00-08:00\nSat,Sun 00:00-24:00\nMon,Wed 09:00-10:00"

    assert written(hours_of(text)) == text
    assert hours_of("\n \n") == ()


@pytest.mark.parametrize(
    "text",
    ["always", "Mon 9-17", "Mon 25:00-26:00", "Noday 09:00-17:00", "09:00-17:00", ", 9:00-10:00"],
)
def test_what_says_no_hours_is_refused_with_an_example(text):
    with pytest.raises(ValidationError, match="says no days and hours"):
        hours_of(text)
