"""Matchers of labels, as Alertmanager has them: =, !=, =~ and !~; a missing label is empty."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError

from portal.core.markdown import patterns

OPERATORS = ("=", "!=", "=~", "!~")
EXPRESSIONS = ("=~", "!~")
MOST = 20  # of one silence
LONGEST_NAME, LONGEST_VALUE = 200, 1000
WRITTEN = re.compile(r'([^\s=!~"{},][^=!~"{},]*?)\s*(=~|!~|!=|=)\s*(?:"((?:[^"\\]|\\.)*)"|([^"]*))')
MEMBERS = {"name", "operator", "value"}


class Matcher(NamedTuple):
    """What one label must be, or must not be. Expressions match the whole value."""

    name: str
    operator: str
    value: str

    def __str__(self):
        value = self.value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
        return f'{self.name}{self.operator}"{value}"'

    def matches(self, labels: Mapping[str, str]) -> bool:
        found = labels.get(self.name, "")
        if self.operator in EXPRESSIONS:
            return patterns.fits(self.value, found) == (self.operator == "=~")
        return (found == self.value) == (self.operator == "=")


def ready(matchers: Sequence[Matcher]) -> Callable[[Mapping[str, str]], bool]:
    """Whether all of them match some labels; of none nothing does.

    For many alerts: each expression is compiled once, when it is needed first.
    """
    known: dict[str, Any] = {}

    def fits(matcher: Matcher, labels: Mapping[str, str]) -> bool:
        if matcher.operator not in EXPRESSIONS:
            return matcher.matches(labels)
        if matcher.value not in known:
            known[matcher.value] = patterns.compiled(matcher.value)
        found = known[matcher.value].fullmatch(labels.get(matcher.name, ""))
        return (found is not None) == (matcher.operator == "=~")

    return lambda labels: bool(matchers) and all(fits(each, labels) for each in matchers)


def read(text: str) -> list[Matcher]:
    """One matcher a line, as in `severity=~"warning|info"`. Raises ValidationError."""
    lines = [line.strip() for line in text.strip().splitlines() if line.strip()]
    if len(lines) > MOST:
        raise ValidationError(f"It has {len(lines)} matchers; at most {MOST} are accepted.")
    return [_of_line(line) for line in lines]


def _of_line(line: str) -> Matcher:
    found = WRITTEN.fullmatch(line)
    if not found:
        raise ValidationError(f'“{line[:100]}” is no matcher. Write one such as service="orders".')
    name, operator, quoted, plain = found.groups()
    value = plain.strip() if quoted is None else re.sub(r"\\(.)", _unescaped, quoted)
    return Matcher(name, operator, value)


def _unescaped(found: re.Match[str]) -> str:
    """As `__str__` wrote it; what stands in an expression, such as \\d, stays."""
    letter = found[1]
    return {"n": "\n", '"': '"', "\\": "\\"}.get(letter, found[0])


def loaded(column: Iterable[Mapping[str, str]]) -> list[Matcher]:
    """From a column; what is quick to compare comes first."""
    found = [Matcher(each["name"], each["operator"], each["value"]) for each in column]
    return sorted(found, key=lambda each: each.operator in EXPRESSIONS)


def validate(column: Any) -> None:
    """Raise ValidationError for matchers that cannot be followed, or would match everything."""
    if not isinstance(column, list) or not all(map(_is_written, column)):
        raise ValidationError("Matchers are a list of objects with name, operator and value.")
    if len(column) > MOST:
        raise ValidationError(f"It has {len(column)} matchers; at most {MOST} are accepted.")
    for each in loaded(column):
        try:
            validate_one(each)
        except ValidationError as error:  # said of the whole column here
            raise ValidationError(error.messages) from error
    if all(each.matches({}) for each in loaded(column)):
        raise ValidationError(
            "It would match alerts without any label, so nearly everything. Add a matcher that "
            'says what a label is, such as alertname="DiskFillsUp".'
        )


def _is_written(each: Any) -> bool:
    texts = isinstance(each, Mapping) and set(each) == MEMBERS
    return texts and all(isinstance(value, str) for value in each.values())


def validate_one(matcher: Matcher) -> None:
    """Raise ValidationError, of the member that cannot be followed."""
    name, operator, value = matcher
    if not 0 < len(name.strip()) <= LONGEST_NAME or "\x00" in name:
        raise ValidationError({"name": "Each matcher names a label."})
    if operator not in OPERATORS:
        said = f"“{operator[:20]}” is no operator. Use {', '.join(OPERATORS)}."
        raise ValidationError({"operator": said})
    if len(value) > LONGEST_VALUE or "\x00" in value:
        said = f"The value of {name} has at most {LONGEST_VALUE} characters."
        raise ValidationError({"value": said})
    if operator in EXPRESSIONS:
        try:
            patterns.compiled(value)
        except patterns.BadPattern as error:
            raise ValidationError({"value": f"The expression of {name} {error}."}) from error
