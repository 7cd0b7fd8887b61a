"""How a line of YAML that cannot be read was meant: words that want quotes, tabs, a lost space."""

import math
import re
from collections.abc import Callable, Iterable, Iterator

import yaml

LARGEST = 16 * 1024
LONGEST_LINE = 200
MOST_LINES = 60  # that are tried where the error names no line
NAMED = re.compile(r"(?P<name>[ ]*(?:- )*[^\s:#'\"][^:]*?:)[ \t]+(?P<value>\S.*?)[ \t]*")
ITEM = re.compile(r"(?P<name>[ ]*(?:- )*-)[ \t]+(?P<value>\S.*?)[ \t]*")
TOGETHER = re.compile(r"([ ]*(?:- )*[A-Za-z_][\w-]*):([^\s:/].*)")


def fix_of(source: str, error: Exception, read: Callable) -> tuple[int, str] | None:
    """The number of a line, from 1, and how to write it; None if no one change of a line helps.

    `error` is what `read` raised for the source.
    """
    lines = source.split("\n")
    if len(source) > LARGEST:
        return None
    reached = max((mark.line for mark in _marks(error)), default=len(lines))
    for number in _suspects(error, len(lines)):
        for written in _candidates(lines[number]):
            tried = "\n".join([*lines[:number], written, *lines[number + 1 :]])
            if len(written) <= LONGEST_LINE and _reaches(tried, read) > reached:
                return number + 1, written
    return None


def _suspects(error: Exception, count: int) -> Iterable[int]:
    """The lines where the mistake may be, from 0, the likeliest first."""
    places = [mark.line for mark in _marks(error)]
    if not places:
        return range(min(count, MOST_LINES))
    near = [*places, *(place - 1 for place in places)]
    return dict.fromkeys(place for place in near if 0 <= place < count)


def _marks(error: Exception) -> list[yaml.Mark]:
    marks = (getattr(error, name, None) for name in ("problem_mark", "context_mark"))
    return [mark for mark in marks if mark]


def _candidates(line: str) -> Iterator[str]:
    if line.lstrip(" ").startswith("\t"):
        yield line.expandtabs(2)
    if together := TOGETHER.fullmatch(line):
        yield f"{together[1]}: {together[2]}"
    for pattern in (NAMED, ITEM):
        if found := pattern.fullmatch(line):
            yield f"{found['name']} {_quoted(found['value'])}"


def _quoted(value: str) -> str:
    """In quotes that it does not have inside; quotes around it that do not hold go."""
    if value[0] in "\"'" and value.count(value[0]) == 1:
        value = value[1:]
    elif value[0] in "\"'" and value[-1] == value[0]:
        value = value[1:-1]
    if '"' in value or "\\" in value:
        return "'" + value.replace("'", "''") + "'"
    return f'"{value}"'


def _reaches(source: str, read: Callable) -> float:
    """The line, from 0, up to which it is read."""
    try:
        read(source)
    except yaml.MarkedYAMLError as error:
        return max((mark.line for mark in _marks(error)), default=-1)
    except Exception:  # loaders raise almost anything
        return -1
    return math.inf
