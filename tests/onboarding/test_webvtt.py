"""Captions: a cue for each time, and the line of what is wrong."""

import pytest
from django.core.exceptions import ValidationError

from onboarding.videos.webvtt import cues, validate_vtt

GOOD = """WEBVTT - of the tour

NOTE written by hand

1
00:01.000 --> 00:04.000 align:start position:10%
Here is the list.
It has filters.

01:00:05.500 --> 01:00:06.000
<v Ann>Bye.</v>
"""


def test_it_reads_cues():
    first, second = cues(GOOD)

    assert (first.start, first.end, first.text) == (1, 4, "Here is the list.\nIt has filters.")
    assert second.start == 3605.5


def test_it_reads_every_kind_of_line_end_and_a_mark_at_the_beginning():
    assert cues("\ufeff" + GOOD.replace("\n", "\r\n")) == cues(GOOD.replace("\n", "\r"))


def test_nothing_is_fine():
    validate_vtt("")


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("1\n00:01.000 --> 00:02.000\nx", 1, "WEBVTT"),
        ("WEBVTTX\n\n00:01.000 --> 00:02.000\nx", 1, "WEBVTT"),
        ("WEBVTT\n", 2, "no cue"),
        ("WEBVTT\n\n00:01,000 --> 00:02,000\nx", 3, "begins with its times"),
        ("WEBVTT\n\n00:61.000 --> 00:02.000\nx", 3, "begins with its times"),
        ("WEBVTT\n\nfirst\n00:01.000 -> 00:02.000\nx", 4, "begins with its times"),
        ("WEBVTT\n\n00:02.000 --> 00:01.000\nx", 3, "ends before"),
        ("WEBVTT\n\n00:01.000 --> 00:02.000", 3, "no text"),
        ("WEBVTT\n\n00:05.000 --> 00:06.000\nx\n\n00:01.000 --> 00:02.000\nx", 6, "above it"),
        ("WEBVTT\n\n00:01.000 --> 00:02.000\nx\n00:03.000 --> 00:04.000\ny", 5, "empty line"),
        ("WEBVTT\n\n00:01.000 --> 00:02.000 colour:red\nx", 3, "no setting"),
        ("WEBVTT\n\nSTYLE\n::cue { background: url(//x) }", 3, "STYLE is not taken"),
        ("<script>alert(1)</script>", 1, "WEBVTT"),
    ],
)
def test_it_names_the_line(text, line, words):
    with pytest.raises(ValidationError) as caught:
        validate_vtt(text)

    assert caught.value.messages[0].startswith(f"Line {line}: ") and words in str(caught.value)


def test_many_lines_take_no_longer_than_as_many_letters():
    with pytest.raises(ValidationError, match="Line 4"):
        validate_vtt("WEBVTT\n\n" + "a\n" * 250_000)
