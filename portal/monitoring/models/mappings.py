"""What a mapping of a generic intake may say: names of members, and paths of RFC 9535."""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import jsonpath_rfc9535 as jsonpath
from django.core.exceptions import ValidationError

# What may be mapped, and where it is looked for if nobody says: the first that is there.
MEMBERS: dict[str, tuple[str, ...]] = {
    "alerts": ("$.alerts", "$"),  # one alert, or a list of them; all else is looked for in each
    "name": ("$.name", "$.labels.alertname", "$.title", "$.rule.name"),
    "state": ("$.state", "$.status"),
    "fingerprint": ("$.fingerprint", "$.id"),
    "labels": ("$.labels", "$.tags"),
    "annotations": ("$.annotations",),
    "summary": ("$.summary", "$.message", "$.description"),
    "severity": ("$.severity", "$.labels.severity", "$.level", "$.priority"),
    "service": ("$.service", "$.labels.service"),
    "starts_at": ("$.starts_at", "$.startsAt"),
    "ends_at": ("$.ends_at", "$.endsAt"),
    "generator_url": ("$.generator_url", "$.generatorURL", "$.url"),
    "runbook_url": ("$.runbook_url", "$.annotations.runbook_url"),
}
RESOLVED = "resolved"  # a member of the mapping: words of `state` that mean that it is over
RESOLVED_WORDS = ("resolved", "ok", "up", "normal", "recovered", "recovery", "closed", "inactive")
MOST_DESCENTS = 1  # each looks at everything below all that the one before it found
QUOTED = re.compile(r"""'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*\"""")
LONGEST_PATH, MOST_WORDS = 300, 20
EXPRESSIONS = re.compile(r"\b(match|search)\s*\(")  # a pattern can keep a worker busy for ever


def validate(mapping: Any) -> None:
    """Raise ValidationError for a mapping that cannot be followed, of the member that cannot."""
    if not isinstance(mapping, Mapping):
        raise ValidationError("A mapping is an object: names of members, each with a path.")
    for name, value in mapping.items():
        if name == RESOLVED:
            _validate_words(value)
        elif name not in MEMBERS:
            said = f"“{name}” is not mapped. Use {', '.join([*MEMBERS, RESOLVED])}."
            raise ValidationError({name: said})
        else:
            _validate_path(name, value)


def _validate_words(value: Any) -> None:
    is_list = isinstance(value, list) and 0 < len(value) <= MOST_WORDS
    if not is_list or not all(isinstance(one, str) for one in value):
        said = f"“{RESOLVED}” is a list of words that mean that an alert is over."
        raise ValidationError({RESOLVED: said})


def _validate_path(name: str, value: Any) -> None:
    if not isinstance(value, str) or len(value) > LONGEST_PATH:
        raise ValidationError({name: f"“{name}” has a path such as $.alert.title."})
    if EXPRESSIONS.search(value):
        raise ValidationError({name: f"“{name}”: match() and search() are not taken."})
    if QUOTED.sub("", value).count("..") > MOST_DESCENTS:
        said = f"“{name}”: at most {MOST_DESCENTS} “..” is taken in a path."
        raise ValidationError({name: said})
    try:
        compiled(value)
    except jsonpath.JSONPathError as error:
        said = f"“{name}”: {value} is no path of RFC 9535: {error}"
        raise ValidationError({name: said}) from error


@lru_cache(maxsize=256)
def compiled(path: str) -> jsonpath.JSONPathQuery:
    return jsonpath.compile(path)
