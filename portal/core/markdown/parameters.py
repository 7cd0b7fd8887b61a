"""Values that a reader fills in: declared in the front matter, used as `{{ name }}`."""

import re

from portal.core.markdown.budget import Budget
from portal.core.markdown.front_matter import FrontMatter
from portal.core.markdown.patterns import BadPattern, compiled
from portal.core.markdown.values import fitting

TYPES = ("string", "number", "choice", "date", "secret")
NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,63}")
USE = re.compile(r"\{\{[ \t]*([A-Za-z_][A-Za-z0-9_-]{0,63})[ \t]*\}\}")
# words that stand alone between braces in templates of Go, Helm and Jinja
TEMPLATE_WORDS = frozenset({"else", "end", "endif", "endfor", "endraw", "break", "continue", "raw"})
MOST = 50


class BadParameter(ValueError):
    """A declaration that cannot be used; the message says why."""


def declared(front: FrontMatter, budget: Budget) -> tuple[list[dict], list[dict]]:
    """Return the usable declarations and a problem for each of the others.

    Raises MarkdownTooSlow: patterns take time.
    """
    entries = front.values.get("parameters") or []
    if not isinstance(entries, list):
        return [], [_problem(front, "parameters", "The parameters are not a list.")]
    found: dict[str, dict] = {}
    problems = []
    if len(entries) > MOST:
        problems.append(_problem(front, "parameters", f"At most {MOST} parameters are read."))
    for entry in entries[:MOST]:
        budget.check_time()
        try:
            _keep(found, _parameter(entry))
        except BadParameter as error:
            name = str(entry.get("name", "parameters")) if isinstance(entry, dict) else "parameters"
            problems.append(_problem(front, name, str(error)))
    return list(found.values()), problems


def _keep(found: dict, parameter: dict) -> None:
    if parameter["name"] in found:
        raise BadParameter(f"The parameter {parameter['name']} is declared twice.")
    found[parameter["name"]] = parameter


def _parameter(entry: object) -> dict:
    if not isinstance(entry, dict) or not NAME.fullmatch(str(entry.get("name", ""))):
        raise BadParameter("A parameter needs a name of letters, digits, _ and -.")
    kind = entry.get("type", "secret" if entry.get("secret") else "string")
    default = _text(entry.get("default"))
    parameter = {
        "name": str(entry["name"]),
        "description": _text(entry.get("description")),
        "type": kind,
        "required": bool(entry.get("required", not default)),
        "default": default,
        "pattern": _text(entry.get("pattern")),
        "choices": _choices(entry),
        "secret": bool(entry.get("secret")) or kind == "secret",
    }
    _check(parameter)
    return parameter


def _text(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else str(value)


def _choices(entry: dict) -> list[str]:
    choices = entry.get("choices") or []
    if not isinstance(choices, list):
        raise BadParameter(f"The choices of {entry['name']} are not a list.")
    return [_text(choice) for choice in choices]


def _check(parameter: dict) -> None:
    name, default, choices = (
        parameter["name"],
        parameter["default"],
        parameter["choices"],
    )
    if parameter["type"] not in TYPES:
        raise BadParameter(f"The type of {name} is none of {', '.join(TYPES)}.")
    if parameter["type"] == "choice" and not choices:
        raise BadParameter(f"{name} is a choice without choices.")
    if choices and default and default not in choices:
        raise BadParameter(f"The default of {name} is not among its choices.")
    if parameter["secret"] and default:
        raise BadParameter(f"{name} is secret: a default would write it into the text.")
    _check_pattern(name, parameter["pattern"])
    _check_default(parameter)


def _check_pattern(name: str, pattern: str) -> None:
    try:
        compiled(pattern)
    except BadPattern as error:
        raise BadParameter(f"The pattern of {name} {error}.") from error


def _check_default(parameter: dict) -> None:
    try:
        if parameter["default"]:
            fitting(parameter, parameter["default"])
    except ValueError as error:
        raise BadParameter(f"The default of {parameter['name']} cannot be used: {error}") from error


def usage_problems(front: FrontMatter, parameters: list[dict]) -> list[dict]:
    """Names used but not declared, and declared but not used; silent without declarations."""
    if not parameters:
        return []
    names = {parameter["name"] for parameter in parameters}
    uses = _uses(front)
    unused = [
        _problem(front, name, f"{name} is declared but not used.", "unused-parameter")
        for name in sorted(names - uses.keys())
    ]
    return unused + [
        {
            "code": "undeclared-parameter",
            "line": line,
            "detail": f"{name} is not declared.",
        }
        for name, line in uses.items()
        if name not in names and name not in TEMPLATE_WORDS
    ]


def _uses(front: FrontMatter) -> dict[str, int]:
    """Each name between double braces and the line where it stands first."""
    first: dict[str, int] = {}
    for line, text in enumerate(front.body.split("\n"), front.first_line + 1):
        for name in USE.findall(text):
            first.setdefault(name, line)
    return first


def _problem(front: FrontMatter, name: str, detail: str, code: str = "bad-parameter") -> dict:
    return {"code": code, "line": _line_of(front, name), "detail": detail}


def _line_of(front: FrontMatter, word: str) -> int:
    for line, text in enumerate(front.source.split("\n"), 2):
        if word in text:
            return line
    return 1
