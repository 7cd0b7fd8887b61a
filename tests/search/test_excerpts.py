"""The piece of a text that a search shows."""

from time import thread_time

import pytest

from portal.search.text.excerpts import LONGEST, excerpt

LONG = "Before all else. " * 40 + "Then rotate the logs of the host. " + "After that, rest. " * 40


def text_of(parts) -> str:
    return "".join(text for text, _ in parts)


def marked(parts) -> list[str]:
    return [text for text, is_match in parts if is_match]


def test_it_shows_the_place_and_marks_words_that_begin_so():
    parts = excerpt(LONG, ["rot", "logs"])

    assert marked(parts) == ["rotate", "logs"]
    assert text_of(parts).startswith("…") and text_of(parts).endswith("…")
    assert len(text_of(parts)) <= LONGEST + 2


def test_a_short_text_is_shown_whole():
    assert text_of(excerpt("Rotate the logs.", ["logs"])) == "Rotate the logs."


def test_of_several_places_it_shows_the_one_with_most_of_the_words():
    text = "The host. " + "x " * 300 + "Rotate the logs of the host."

    assert marked(excerpt(text, ["host", "logs"])) == ["logs", "host"]


def test_what_matched_elsewhere_shows_the_beginning():
    assert text_of(excerpt(LONG, ["title"])).startswith("Before all else.")


@pytest.mark.parametrize(
    ("text", "word", "found"),
    [
        ("Öppna åtkomsten", "atkomst", ["åtkomsten"]),
        ("OPEN the Pod", "pod", ["Pod"]),
        ("see max_age here", "age", ["age"]),
        ("see max-age here", "max_age", ["max-age"]),
        ("package", "age", []),
        ("nothing", "_", []),
        ("<b>logs</b>", "logs", ["logs"]),
        ("", "x", []),
        ("x" * 1000 + "logs", "logs", []),
    ],
)
def test_it_marks_what_the_search_matches(text, word, found):
    assert marked(excerpt(text, [word])) == found


@pytest.mark.parametrize(
    "text", ["a\r" * 60_000, "a " * 60_000, "á." * 60_000, "a" + "." * 120_000]
)
def test_its_cost_is_that_of_the_text(text):
    started = thread_time()
    excerpt(text, ["a", "a_b", "a_a_a"])
    assert thread_time() - started < 0.5


def test_whole_words_mark_no_word_that_only_begins_so():
    parts = excerpt("After 10s, of 10 hosts.", ["10", "ho"], whole={"10"})

    assert marked(parts) == ["10", "hosts"]
