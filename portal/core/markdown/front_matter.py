"""Front matter at the very start: YAML between two lines of `---`, or TOML between `+++`."""

import datetime
import math
import re
import tomllib
from dataclasses import dataclass, field

from portal.core.data.yaml import YAML_ERRORS, Refused, load

BLOCK = re.compile(
    r"---[ \t]*\n(?P<yaml>.*?)^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE
)
TOML = re.compile(r"\+\+\+[ \t]*\n(?P<toml>.*?)^\+\+\+[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
SIZE_LIMIT = 16 * 1024
MOST_BITS = 10_000  # of a number: Python writes no more than 4,300 digits
UNCLEAR = "has a value that does not fit the type it is given"


@dataclass(frozen=True)
class FrontMatter:
    """The values, and the text below them; `first_line` is where that text starts, from 0."""

    values: dict
    body: str
    first_line: int = 0
    source: str = ""
    problems: list[dict] = field(default_factory=list)


def read(text: str) -> FrontMatter:
    """Split the text. Front matter that cannot be read is a problem and stays in the body."""
    block = BLOCK.match(text) or TOML.match(text)
    if block is None or not block[1].strip():
        return FrontMatter({}, text)
    try:
        values = _mapping(block[1]) if block.re is BLOCK else _toml(block[1])
    except Exception as error:  # the loader raises almost anything: `!!bool x`, `!!int ""`
        return FrontMatter({}, text, problems=[_problem(error)])
    lines = block[0].count("\n")
    return FrontMatter(values, text[block.end() :], lines, block[1])


def _mapping(source: str) -> dict:
    if len(source) > SIZE_LIMIT:
        raise Refused(f"is longer than {SIZE_LIMIT // 1024} kB")
    values = load(source)
    if not isinstance(values, dict):
        raise Refused("is not a mapping of names to values")
    return _as_json(values)


def _toml(source: str) -> dict:
    if len(source) > SIZE_LIMIT:
        raise Refused(f"is longer than {SIZE_LIMIT // 1024} kB")
    return _as_json(tomllib.loads(source))


def _as_json(value):
    """The same value in types that JSON knows: dates become ISO text, keys become text."""
    if isinstance(value, dict):
        return {str(_as_json(key)): _as_json(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set):
        return [_as_json(item) for item in value]
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if isinstance(value, int) and value.bit_length() > MOST_BITS:
        raise Refused("has a number with thousands of digits")
    if isinstance(value, str):
        return value.replace("\x00", "\ufffd")  # written "\\0"; PostgreSQL stores no NUL
    return value if isinstance(value, int | float | bool | None) else str(value)


def _problem(error: Exception) -> dict:
    mark = getattr(error, "problem_mark", None)
    known = isinstance(error, YAML_ERRORS)
    detail = getattr(error, "problem", None) or (str(error) if known else UNCLEAR)
    line = mark.line + 2 if mark else 1
    return {
        "code": "bad-front-matter",
        "line": line,
        "detail": f"The front matter {detail}.",
    }
