"""What a reader typed for the declared parameters, checked against their declarations."""

import re
from datetime import date
from decimal import Decimal, InvalidOperation

from portal.core.data.nearest import nearest
from portal.core.markdown.patterns import BadPattern, fits

LONGEST = 1000
# the last ones turn the direction of a line: a command would look like another one
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def checked(parameters: list[dict], given: dict) -> tuple[dict[str, str], dict[str, str]]:
    """The values to keep (secret ones never) and, by name, what is wrong.

    `given` may hold texts, numbers and booleans. A name that is not declared is wrong, and so is
    any value for a secret: whoever follows the steps keeps it.
    """
    declared = {parameter["name"]: parameter for parameter in parameters}
    known = [name for name in declared if name not in given]
    wrong = {name: _unknown(name, known) for name in given if name not in declared}
    values = {}
    for name, parameter in declared.items():
        try:
            text = _checked(parameter, given.get(name))
        except ValueError as error:
            wrong[name] = str(error)
        else:
            values |= {} if parameter["secret"] else {name: text}
    return values, wrong


def _unknown(name: str, known: list[str]) -> str:
    return f"There is no such parameter.{nearest(name, known) or ' Leave it out.'}"


def _checked(parameter: dict, value: object) -> str:
    text = _text(value)
    if parameter["secret"]:
        if text:
            raise ValueError("Secret values are never sent: they stay with who follows the steps.")
        return ""
    text = text or (parameter["default"] if value is None else "")
    if not text:
        if parameter["required"]:
            raise ValueError("A value is needed.")
        return ""
    if len(text) > LONGEST:
        raise ValueError(f"At most {LONGEST} characters.")
    if CONTROL.search(text):
        raise ValueError("Line breaks and control characters cannot be part of a command.")
    return fitting(parameter, text)


def _text(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str | int | float | Decimal) or value is None:
        return "" if value is None else str(value).strip()
    raise ValueError("Send a text or a number.")


def fitting(parameter: dict, text: str) -> str:
    """The text, if it is a value of that parameter; ValueError says what was expected."""
    kind, choices, pattern = (parameter[name] for name in ("type", "choices", "pattern"))
    if choices and text not in choices:
        raise ValueError(f"Choose one of {', '.join(choices)}.")
    if kind == "number" and not _is_number(text):
        raise ValueError("A number is expected, such as 3 or 0.5.")
    if kind == "date" and not _is_date(text):
        raise ValueError("A date is expected, such as 2026-01-31.")
    if pattern and not _fits(pattern, text):
        raise ValueError(f"It has to fit the pattern {pattern} as a whole.")
    return text


def _is_number(text: str) -> bool:
    try:
        return text.isascii() and "_" not in text and Decimal(text).is_finite()
    except InvalidOperation:
        return False


def _is_date(text: str) -> bool:
    try:
        return len(text) == 10 and bool(date.fromisoformat(text))
    except ValueError:
        return False


def _fits(pattern: str, text: str) -> bool:
    try:
        return fits(pattern, text)
    except BadPattern as error:
        raise ValueError(
            f"This value cannot be checked: the pattern {pattern} {error}. The owner of the "
            "runbook changes it in its front matter."
        ) from error
