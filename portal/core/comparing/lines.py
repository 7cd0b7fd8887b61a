"""Texts as lines: where they end, and to which section they belong."""

import re
from collections.abc import Sequence
from typing import NamedTuple

# Only these end a line: str.splitlines() also cuts at form feeds and other rare characters.
ENDING = re.compile(r"\r\n|\r|\n")
LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
ENDING_NAMES = {"\n": "LF", "\r\n": "CRLF", "\r": "CR", "": "none"}
FENCE = re.compile(r" {0,3}(`{3,}|~{3,})(.*)")
SECTION = re.compile(r" {0,3}##(?!\S)(.*)")


class Line(NamedTuple):
    """The text of a line and, apart from it, what ends it ("" at the end of the file)."""

    text: str
    ending: str


def split_lines(text: str) -> list[str]:
    """The lines with their endings; joined they are the text."""
    return LINE.findall(text)


def lines_of(text: str) -> list[Line]:
    return [_line(raw) for raw in split_lines(text)]


def ending_styles(text: str) -> set[str]:
    """The line endings that occur in the text."""
    return set(ENDING.findall(text))


def sections_of(lines: Sequence[Line]) -> list[str]:
    """For each line the second-level heading that it stands under, "" before the first one."""
    title = fence = ""
    titles = []
    for line in lines:
        heading = None if fence else SECTION.match(line.text)
        title = _title(heading[1]) if heading else title
        fence = _fence_after(line.text, fence)
        titles.append(title)
    return titles


def _line(raw: str) -> Line:
    text = raw.rstrip("\r\n")
    return Line(text, raw[len(text) :])


def _title(text: str) -> str:
    """The heading without the hashes that may close it: "Impact" of " Impact ##"."""
    text = text.strip()
    open_end = text.rstrip("#")
    return open_end.rstrip() if not open_end or open_end[-1].isspace() else text


def _fence_after(text: str, fence: str) -> str:
    """The marker of the code block that is open after this line, "" when none is."""
    found = FENCE.match(text)
    if not found:
        return fence
    marker, rest = found.groups()
    if not fence:
        return "" if marker[0] == "`" and "`" in rest else marker
    return "" if marker.startswith(fence) and not rest.strip() else fence
