"""What a mapping of a generic intake may say: names of members, and paths of RFC 9535."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError

from . import paths

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
MOST_WORDS = 20


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
    _validate_descents(mapping)


def _validate_words(value: Any) -> None:
    is_list = isinstance(value, list) and 0 < len(value) <= MOST_WORDS
    if not is_list or not all(isinstance(one, str) for one in value):
        said = f"“{RESOLVED}” is a list of words that mean that an alert is over."
        raise ValidationError({RESOLVED: said})


def _validate_path(name: str, value: Any) -> None:
    if not isinstance(value, str) or len(value) > paths.LONGEST_PATH:
        raise ValidationError({name: f"“{name}” has a path such as $.alert.title."})
    try:
        paths.compiled(value)
    except ValidationError as error:
        raise ValidationError({name: f"“{name}”: {error.message}"}) from error


def _validate_descents(mapping: Mapping) -> None:
    """Alerts within alerts would each be looked at as a whole, again and again."""
    names = [name for name in MEMBERS if name in mapping]
    below = [name for name in names if paths.descents(paths.compiled(mapping[name]))]
    if "alerts" in below and len(below) > 1:
        said = f"“..” is in “alerts” already: “{below[1]}” has a path without it."
        raise ValidationError({below[1]: said})
