"""Twice the input is twice the work, at most: no parser and no comparison is quadratic."""

import random
from contextlib import suppress

import pytest
from rest_framework.exceptions import ParseError

from onboarding.files import document
from onboarding.videos import webvtt
from portal.core.api.parsers import _without_duplicates, parsed
from portal.core.comparing import compare_lines, merge
from portal.core.data import yaml
from portal.core.markdown import MarkdownError, render
from portal.core.markdown.budget import HTML_LIMIT, Budget
from portal.core.media import png, untouched
from runbooks.files.parts import parts_of
from tests.suite.work import Counted, work_of

LINEAR = 2.4  # a little more than twice, for what is done once, and for logarithms


def shuffled(lines: int, seed: str) -> str:
    numbers = list(range(lines))
    random.Random(seed).shuffle(numbers)
    return "".join(f"{number} is line {number}\n" for number in numbers)


def markdown(unit: str):
    def read(size: int):
        with suppress(MarkdownError):
            render(unit * (size // len(unit)))

    return read


WORK = {
    "members of JSON": lambda n: parsed(b"{" + b",".join(b'"a%d": 1' % i for i in range(n)) + b"}"),
    "objects of JSON": lambda n: parsed(b'{"a": [' + b",".join([b'{"b": 1}'] * n) + b"]}"),
    "members of YAML": lambda n: yaml.documents(
        "".join(f"a{i}: b\n" for i in range(n // 20)).encode()
    ),
    "documents of YAML": lambda n: yaml.documents(b"a: b\n---\n" * (n // 20) + b"a: b\n"),
    "cues of captions": lambda n: webvtt.validate_vtt(
        "WEBVTT\n\n"
        + "".join(
            f"00:{i // 60 % 60:02}:{i % 60:02}.000 --> 00:59:59.000\nx\n\n" for i in range(n // 20)
        )
    ),
    "chunks of a picture": lambda n: list(
        png.chunks(png.START + b"\x00\x00\x00\x00IDAT\x00\x00\x00\x00" * n)
    ),
    "chunks of a WebP": lambda n: untouched.is_clean(
        b"RIFF\x00\x00\x00\x00WEBP" + b"VP8 \x00\x00\x00\x00" * n
    ),
    "steps of a guide": lambda n: document.read(
        ("# A\n\n" + "".join(f"## Step {i}\n\nDo it.\n\n" for i in range(n // 20))).encode()
    ),
    "sections": markdown("## a\n\nb\n\n"),
    "items": markdown("1. a\n"),
    "links": markdown("[a](b) "),
    "footnotes": markdown("a[^1]\n\n"),
    "commands": markdown('```sh\n$ a --b "c"\n```\n\n'),
    "alerts of a file that is split": lambda n: parts_of(
        "a.md",
        f"---\nalerts: [{', '.join(f'A{i}.b' for i in range(n // 20))}]\n---\n"
        + "".join(f"## Part {i}\n\nSee A{i}.b.\n\n" for i in range(n // 20)),
        set(),
    ),
    "unlike lines": lambda n: compare_lines(shuffled(n, "old"), shuffled(n, "new")),
    "a merge of unlike lines": lambda n: merge(
        shuffled(n, "base"), shuffled(n, "theirs"), shuffled(n, "yours")
    ),
}


@pytest.fixture(autouse=True)
def patient(monkeypatch):
    """Counting is slow: the time of a rendering is no limit here."""
    monkeypatch.setattr(Budget.__init__, "__defaults__", (600.0, HTML_LIMIT))


@pytest.mark.parametrize("name", WORK)
def test_twice_as_much_is_twice_the_work(name):
    do, size = WORK[name], 2_000
    do(size)

    once, twice = work_of(lambda: do(size)), work_of(lambda: do(2 * size))

    assert twice <= LINEAR * once


def test_names_are_not_compared_with_all_others_to_find_one_that_occurs_twice():
    names = [Counted(f"a{number}") for number in range(40_000)]
    Counted.compared = 0

    with pytest.raises(ParseError, match="a39999"):
        _without_duplicates([(name, 1) for name in [*names, Counted("a39999")]])

    assert Counted.compared < 4 * len(names)
