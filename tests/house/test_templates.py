"""Templates are read by people: lines of at most 120 characters, states and icons by their tags."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.utils.formats import date_format

from portal.core.templatetags.look import moment

ROOT = Path(__file__).resolve().parents[2] / "templates"
LONGEST = 120
DATES = {
    *("j M Y", "j M Y, H:i", "j M Y, H:i e", "DATE_FORMAT", "DATETIME_FORMAT"),
    *("j M", "j M, H:i", "j M, H:i:s", "H:i", "H:i:s"),  # of this year, of today
    *("l j F Y", "F Y", "D", "l", "j"),  # the day of the first page; a calendar
    "D j M, H:i",  # of shifts, which people know by the day of the week
    *("c", "Ymd"),  # for programs, and to compare
}
DATE = re.compile(r"""(?:\|(?:date|time):|\{% moment [\w.]+ )["']([^"']+)["']""")
ATTRIBUTE = re.compile(r"""\s*[\w-]+=("[^"]*"|'[^']*')""")  # a value has no place to break it
# White space would show there, or the line is one tag.
LONG = {}


def lines():
    for path in sorted(ROOT.rglob("*.html")):
        name = str(path.relative_to(ROOT))
        for number, line in enumerate(path.read_text().splitlines(), 1):
            yield name, number, line


def is_one_attribute(line: str) -> bool:
    """Whether an attribute stands alone, or with another one, and its value has tags in it."""
    bare = re.sub(r"\{%.*?%\}|\{\{.*?\}\}", "x", line)
    return bool(ATTRIBUTE.fullmatch(bare.rstrip(" />")))


def test_no_line_is_long_that_can_be_broken():
    long = [
        f"{name}:{number}"
        for name, number, line in lines()
        if len(line) > LONGEST and name not in LONG and not is_one_attribute(line)
    ]

    assert long == []


def test_dates_are_written_in_one_way():
    found = {how: name for name, _, line in lines() for how in DATE.findall(line)}

    assert "j M Y" in found
    assert {how: name for how, name in found.items() if how not in DATES} == {}


def test_the_exceptions_are_needed():
    assert {name for name, _, line in lines() if len(line) > LONGEST} >= set(LONG)


@pytest.mark.parametrize(
    "markup",
    [
        '<svg class="icon" aria-hidden="true"><use href="{{ sprite }}',  # {% icon %}
        "{% icon status.icon %}{{ status.word }}</span>",  # {% badge %}
        """<time datetime="{{ run.started_at|date:'c' }}" data-utc>{{ run.started_at|date""",
    ],
)
def test_what_a_tag_says_is_not_written_out(markup):
    assert [f"{name}:{number}" for name, number, line in lines() if markup in line] == []


def test_a_date_without_a_format_is_written_the_same_way():
    at = datetime(2027, 4, 28, 4, 37, tzinfo=UTC)

    assert [date_format(at), date_format(at, "DATETIME_FORMAT")] == [
        "28 Apr 2027",
        "28 Apr 2027, 04:37",
    ]
    assert moment(at).endswith(">28 Apr 2027, 04:37</time>")
