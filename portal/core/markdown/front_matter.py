"""Front matter at the very start: YAML between two lines of `---`, or TOML between `+++`."""

import datetime
import math
import re
import tomllib
from dataclasses import dataclass, field

from markdown_it.token import Token

from portal.core.data.yaml import YAML_ERRORS, Refused, load
from portal.core.data.yaml_fixes import fix_of

BLOCK = re.compile(
    r"---[ \t]*\n(?P<yaml>.*?)^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE
)
TOML = re.compile(r"\+\+\+[ \t]*\n(?P<toml>.*?)^\+\+\+[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
SIZE_LIMIT = 16 * 1024
MOST_BITS = 10_000  # of a number: Python writes no more than 4,300 digits
NAMED = re.compile(r"[\w\"'][\w .\"'-]{0,60}:(?:\s|\Z)")
NOT_CLOSED = re.compile(r"---[ \t]*\n(?=[A-Za-z_][\w-]{0,40}:[ \t\n])")
IN_TOML = re.compile(r"\(at line (\d+)")
UNCLEAR = "has a value that does not fit the type it is given"


@dataclass(frozen=True)
class FrontMatter:
    """The values, and the text below them; `first_line` is where that text starts, from 0."""

    values: dict
    body: str
    first_line: int = 0
    source: str = ""
    problems: list[dict] = field(default_factory=list)
    unread: str = ""

    @property
    def shown(self) -> list[Token]:
        """What could not be read, as a block above the text: no step or command comes of it."""
        return [Token("fence", "code", 0, info="text", content=self.unread)] if self.unread else []


def read(text: str) -> FrontMatter:
    """Split the text. Front matter that cannot be read is a problem and no part of the body."""
    block = BLOCK.match(text) or TOML.match(text)
    if block is None or not block[1].strip():
        return FrontMatter({}, text, problems=_not_closed(text) if block is None else [])
    try:
        values = _mapping(block[1]) if block.re is BLOCK else _toml(block[1])
    except Exception as error:  # the loader raises almost anything: `!!bool x`, `!!int ""`
        return _unread(text, block, error)
    return FrontMatter(values, text[block.end() :], block[0].count("\n"), block[1])


def _unread(text: str, block: re.Match, error: Exception) -> FrontMatter:
    """Lines between rulers that name no value may as well be text: they stay in the body."""
    problem = _problem(error, block[1])
    if NAMED.match(block[1].lstrip()):
        body, lines = text[block.end() :], block[0].count("\n")
        return FrontMatter({}, body, lines, block[1], [problem], unread=block[0])
    is_text = "\n\n" in f"\n{block[1]}"
    return FrontMatter({}, text, problems=[] if is_text else [problem])


def _not_closed(text: str) -> list[dict]:
    if not NOT_CLOSED.match(text):
        return []
    detail = "The front matter is not closed: put a line --- below its last line."
    return [{"code": "bad-front-matter", "line": 1, "detail": detail}]


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


def _problem(error: Exception, source: str) -> dict:
    """The line to fix, and how to write it where that is known."""
    mark = getattr(error, "problem_mark", None)
    known = isinstance(error, YAML_ERRORS)
    detail = getattr(error, "problem", None) or (str(error) if known else UNCLEAR)
    line = mark.line + 2 if mark else _line_of_toml(error)
    fix = fix_of(source, error, load) if known and _is_of_yaml(error) else None
    if fix:
        line, detail = fix[0] + 1, f"cannot be read. Write line {fix[0] + 1} as: {fix[1].strip()}"
    elif line > 1:
        detail = f"cannot be read in line {line}: {detail}."
    else:
        detail = f"{detail}."
    return {"code": "bad-front-matter", "line": line, "detail": f"The front matter {detail}"}


def _is_of_yaml(error: Exception) -> bool:
    return not isinstance(error, Refused | tomllib.TOMLDecodeError)


def _line_of_toml(error: Exception) -> int:
    found = IN_TOML.search(str(error)) if isinstance(error, tomllib.TOMLDecodeError) else None
    return int(found[1]) + 1 if found else 1
