"""Paths of RFC 9535 as a mapping may have them: following one costs what it is followed in.

No path selects the same value twice, and no filter looks at more than one value for each that it
tests. So the work grows with the length of the path and the size of the JSON, and with no power.
"""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import islice
from typing import Any

import jsonpath_rfc9535 as jsonpath
from django.core.exceptions import ValidationError
from jsonpath_rfc9535.filter_expressions import (
    ComparisonExpression,
    Expression,
    FilterExpression,
    FilterQuery,
    FunctionExtension,
    LogicalExpression,
    PrefixExpression,
    RootFilterQuery,
)
from jsonpath_rfc9535.segments import JSONPathRecursiveDescentSegment, JSONPathSegment
from jsonpath_rfc9535.selectors import FilterSelector, IndexSelector, NameSelector

LONGEST_PATH, MOST_STEPS = 300, 20
MOST_DESCENTS = 1  # each looks at everything below all that the one before it found
EXPRESSIONS = ("match", "search")  # a pattern can keep a worker busy for ever


@lru_cache(maxsize=256)
def compiled(path: str) -> jsonpath.JSONPathQuery:
    """Raises ValidationError for what is no path, or one that costs too much to follow."""
    try:
        query = jsonpath.compile(path)
    except (jsonpath.JSONPathError, RecursionError, ValueError, ArithmeticError) as error:
        raise ValidationError(f"{path} is no path of RFC 9535: {error}") from error
    if len(query.segments) > MOST_STEPS:
        raise ValidationError(f"at most {MOST_STEPS} steps are taken in a path.")
    if descents(query) > MOST_DESCENTS:
        raise ValidationError(f"at most {MOST_DESCENTS} “..” is taken in a path.")
    for segment in query.segments:
        _validate_step(segment)
    return query


def found(path: str, data: Any, most: int) -> list:
    """The values at a path, and one more than `most` if there are more. Raises ValidationError."""
    return [node.value for node in islice(compiled(path).finditer(data), most + 1)]


def descents(query: jsonpath.JSONPathQuery) -> int:
    """How many “..” a path has."""
    return sum(isinstance(each, JSONPathRecursiveDescentSegment) for each in query.segments)


def _validate_step(segment: JSONPathSegment) -> None:
    if len(segment.selectors) > 1 and not _are_apart(segment.selectors):
        raise ValidationError(
            "brackets take several names or positions if each is another one; "
            "*, a range and a filter stand alone."
        )
    for selector in segment.selectors:
        if isinstance(selector, FilterSelector):
            _validate_filter(selector.expression)


def _are_apart(selectors: Iterable[Any]) -> bool:
    """Whether no two can select the same value."""
    keys = [_key(each) for each in selectors]
    return None not in keys and len(set(keys)) == len(keys)


def _key(selector: Any) -> str | int | None:
    if isinstance(selector, NameSelector):
        return selector.name
    is_position = isinstance(selector, IndexSelector) and selector.index >= 0
    return selector.index if is_position else None


def _validate_filter(expression: Expression) -> None:
    for each in _parts(expression):
        if isinstance(each, FunctionExtension) and each.name in EXPRESSIONS:
            raise ValidationError("match() and search() are not taken.")
        if isinstance(each, RootFilterQuery):
            raise ValidationError("a filter begins with @: $ is not taken in it.")
        if isinstance(each, FilterQuery) and not each.query.singular_query():
            raise ValidationError("a filter looks at one value, such as @.state or @[0].")


def _parts(expression: Expression) -> Iterator[Expression]:
    """The expression and all in it, without the paths' own."""
    yield expression
    below: Iterable[Expression] = ()
    match expression:
        case FilterExpression():
            below = (expression.expression,)
        case PrefixExpression():
            below = (expression.right,)
        case LogicalExpression() | ComparisonExpression():
            below = (expression.left, expression.right)
        case FunctionExtension():
            below = expression.args
    for each in below:
        yield from _parts(each)
