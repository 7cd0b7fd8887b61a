"""Captions and chapters: WebVTT (https://www.w3.org/TR/webvtt1/), told by line what is wrong."""

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import NoReturn

from django.core.exceptions import ValidationError

LARGEST = 512 * 1024
MOST_CUES = 5000
TIME = r"(?:(\d{2,}):)?([0-5]\d):([0-5]\d)\.(\d{3})"
TIMING = re.compile(rf"{TIME}[ \t]+-->[ \t]+{TIME}(?:[ \t]+(?P<how>\S.*))?")
SETTING = re.compile(r"(?:vertical|line|position|size|align|region):[\w.,%-]+")


@dataclass(frozen=True)
class Cue:
    """What is said from a second to another."""

    line: int
    start: float
    end: float
    text: str


def validate_vtt(text: str) -> None:
    """Raises ValidationError that names the line. Nothing at all is fine."""
    if text:
        cues(text)


def cues(text: str) -> list[Cue]:
    """The cues in their order. Raises ValidationError that names the line."""
    if len(text) > LARGEST:
        raise ValidationError(f"It is longer than {LARGEST // 1024} kB.")
    lines = _lines(text)
    if not re.fullmatch(r"WEBVTT(?:[ \t].*)?", lines[0]):
        _refuse(1, "The first line is WEBVTT.")
    found: list[Cue] = []
    for number, block in _blocks(lines):
        if number == 1:
            continue
        if cue := _cue(number, block):
            _check_order(found, cue)
            found.append(cue)
    if not found:
        _refuse(len(lines), "There is no cue such as “00:01.000 --> 00:04.000” with a text below.")
    return found


def readable_cues(text: str) -> Iterator[Cue]:
    """Those that can be read of a text that nobody checked."""
    for number, block in _blocks(_lines(text)):
        with suppress(ValidationError):
            if cue := _cue(number, block):
                yield cue


def _lines(text: str) -> list[str]:
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")


def _blocks(lines: list[str]):
    """(number of its first line, lines) of what stands between empty lines."""
    start, block = 1, []
    for number, line in enumerate([*lines, ""], 1):
        if line.strip():
            start = start if block else number
            block.append(line)
        elif block:
            yield start, block
            block = []


def _cue(number: int, block: list[str]) -> Cue | None:
    if re.match(r"NOTE(?:\s|$)", block[0]):
        return None
    if re.match(r"(?:STYLE|REGION)\s*$", block[0]):
        _refuse(number, f"{block[0].strip()} is not taken: the portal styles captions itself.")
    if "-->" not in block[0] and len(block) > 1:
        number, block = number + 1, block[1:]
    match = TIMING.fullmatch(block[0].strip())
    if match is None:
        _refuse(number, "A cue begins with its times, such as “00:01.000 --> 00:04.000”.")
    _check_settings(number, match["how"] or "")
    start, end = _seconds(match.groups()[:4]), _seconds(match.groups()[4:8])
    if end <= start:
        _refuse(number, "It ends before it begins.")
    for more, line in enumerate(block[1:], 1):
        if "-->" in line:
            _refuse(number + more, "An empty line is missing before this cue.")
    text = "\n".join(block[1:]).strip()
    if not text:
        _refuse(number, "It has no text below its times.")
    return Cue(number, start, end, text)


def _check_settings(number: int, how: str) -> None:
    for word in how.split():
        if not SETTING.fullmatch(word):
            _refuse(number, f"“{word[:40]}” is no setting of a cue.")


def _check_order(found: list[Cue], cue: Cue) -> None:
    if len(found) >= MOST_CUES:
        _refuse(cue.line, f"There are more than {MOST_CUES} cues.")
    if found and cue.start < found[-1].start:
        _refuse(cue.line, "It begins before the cue above it.")


def _seconds(parts) -> float:
    hours, minutes, seconds, thousandths = (int(part or 0) for part in parts)
    return hours * 3600 + minutes * 60 + seconds + thousandths / 1000


def _refuse(line: int, why: str) -> NoReturn:
    raise ValidationError(f"Line {line}: {why}")
