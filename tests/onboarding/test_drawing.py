"""Marks are drawn where their boxes are, and their numbers never leave the picture."""

import pytest

from onboarding.pictures.callouts import annotation
from onboarding.pictures.geometry import mark_of, shot_of
from onboarding.videos.chapters import chapters_of


def callout(x, y, w, h, kind="box", text="Here"):
    return {"kind": kind, "text": text, "box": {"x": x, "y": y, "w": w, "h": h}}


def shot(*callouts, width=964, height=500):
    return shot_of(
        {"name": "a.png", "alt": "A", "width": width, "height": height, "callouts": callouts}
    )


def test_percent_become_pixels():
    mark = shot(callout(10, 20, 30, 40), width=1000, height=500).marks[0]

    assert (mark.x, mark.y, mark.w, mark.h) == (100, 100, 300, 200)
    assert mark.middle == (250, 200)
    assert mark.radii == (150, 100)


@pytest.mark.parametrize("box", [(0, 0, 1, 1), (99, 99, 1, 1), (0, 99, 0, 0), (0, 0, 100, 100)])
@pytest.mark.parametrize("kind", ["box", "arrow", "circle", "highlight"])
@pytest.mark.parametrize("size", [(964, 500), (4000, 4000), (3, 2)])
def test_the_number_stays_inside(box, kind, size):
    mark = mark_of(callout(*box, kind), 1, *size, unit=size[0] / 964)

    assert 0 <= mark.pin_x <= size[0]
    assert 0 <= mark.pin_y <= size[1]


def test_an_arrow_comes_from_where_there_is_room():
    left = shot(callout(2, 40, 5, 5, "arrow")).marks[0]
    right = shot(callout(93, 40, 5, 5, "arrow")).marks[0]

    assert left.pin_x > left.x + left.w
    assert right.pin_x < right.x
    assert left.path.count("M") == 3


def test_who_cannot_see_it_hears_all_of_it():
    said = shot(callout(1, 1, 1, 1, text="The button."), callout(1, 1, 1, 1, text="")).spoken

    assert said == "1: The button. 2: Marked on the picture."


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("WEBVTT\n\n00:01.000 --> 00:02.000\nOne\n\n01:00:00.000 --> 01:00:01.000\nTwo", [1, 3600]),
        ("WEBVTT\r\n\r\n1\r\n00:01.000 --> 00:02.000 align:start\r\nOne", [1]),
        ("nonsense --> nothing", []),
        ("", []),
    ],
)
def test_chapters_are_read_from_webvtt(text, found):
    assert [chapter.seconds for chapter in chapters_of(text)] == found


@pytest.mark.parametrize(
    ("selector", "is_css"),
    [
        ("#go", True),
        ("main > a:nth-of-type(2)[href='/x']", True),
        ("", False),
        ("main section >> nth=0", False),
        ("a:has-text('Run')", False),
        ("text=Run", False),
        ("//h1", False),
    ],
)
def test_an_annotation_says_of_css_only_that_it_is_css(selector, is_css):
    said = annotation({**callout(1, 2, 3, 4), "selector": selector}, 1, picture="/a.png")

    kinds = [each["type"] for each in said["target"]["selector"]]
    assert kinds == ["FragmentSelector"] + ["CssSelector"] * is_css
