"""JSON of any tool: RFC 9535 paths say where each member of an alert stands."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import jsonpath_rfc9535 as jsonpath
from django.core.exceptions import ValidationError

from portal.monitoring.alerts.reports import (
    LONGEST_ANNOTATION,
    LONGEST_VALUE,
    Report,
    Unreadable,
    text_of,
    texts_of,
    time_of,
)
from portal.monitoring.models import mappings, paths
from portal.monitoring.models.mappings import MEMBERS, RESOLVED, RESOLVED_WORDS

from .deliveries import MOST_ALERTS, Delivery, fingerprint_of, list_of


def read(data: Any, mapping: Mapping, *, at: datetime) -> Delivery:
    """The alerts of a body. Raises Unreadable if there is none in it."""
    try:
        mappings.validate(mapping)  # an older one may have what is not taken any more
        found = [_report(each, mapping, at) for each in _alerts(data, mapping)]
    except ValidationError as error:
        raise Unreadable(f"The mapping cannot be followed: {error.messages[0]}") from error
    except (RecursionError, jsonpath.JSONPathError) as error:
        raise Unreadable("The paths of the mapping cannot be followed in it.") from error
    return Delivery(found)


def _alerts(data: Any, mapping: Mapping) -> list:
    found = _found(data, mapping, "alerts")
    if found is None:
        raise Unreadable(f"There is nothing at {mapping.get('alerts', '$')}.")
    return list_of(found if isinstance(found, list) else [found], "“alerts”")


def _report(alert: Any, mapping: Mapping, at: datetime) -> Report:
    if not isinstance(alert, Mapping):
        raise Unreadable("An alert must be an object.")
    labels = texts_of(_found(alert, mapping, "labels"), LONGEST_VALUE)
    annotations = texts_of(_found(alert, mapping, "annotations"), LONGEST_ANNOTATION)
    name = text_of(_scalar(alert, mapping, "name"), LONGEST_VALUE).strip()
    if not name:
        raise Unreadable(f"An alert has no name: nothing stands at {_where(mapping, 'name')}.")
    for member, into, longest in (
        ("service", labels, LONGEST_VALUE),
        ("summary", annotations, LONGEST_ANNOTATION),
    ):
        if said := text_of(_scalar(alert, mapping, member), longest):
            into[member] = said
    is_over = _word(alert, mapping) in {
        each.lower() for each in mapping.get(RESOLVED, RESOLVED_WORDS)
    }
    return Report(
        fingerprint=text_of(_scalar(alert, mapping, "fingerprint"), 300)
        or fingerprint_of(name, labels),
        name=name,
        is_firing=not is_over,
        starts_at=time_of(_scalar(alert, mapping, "starts_at"), at=at),
        ends_at=time_of(_scalar(alert, mapping, "ends_at"), at=at) if is_over else None,
        labels=labels,
        annotations=annotations,
        severity=text_of(_scalar(alert, mapping, "severity"), LONGEST_VALUE),
        generator_url=text_of(_scalar(alert, mapping, "generator_url"), 2000),
        runbook_url=text_of(_scalar(alert, mapping, "runbook_url"), 2000),
        ends_all=True,
    )


def _word(alert: Mapping, mapping: Mapping) -> str:
    """Its state as the tool says it; a tool that says none reports what fires."""
    return text_of(_scalar(alert, mapping, "state"), 60).strip().lower()


def _where(mapping: Mapping, member: str) -> str:
    return str(mapping.get(member) or ", ".join(MEMBERS[member]))


def _scalar(data: Any, mapping: Mapping, member: str) -> Any:
    found = _found(data, mapping, member)
    return None if isinstance(found, list | Mapping) else found


def _found(data: Any, mapping: Mapping, member: str) -> Any:
    """What stands at the path of a member; several values make a list."""
    places = (mapping[member],) if mapping.get(member) else MEMBERS[member]
    for path in places:
        values = paths.found(path, data, MOST_ALERTS)
        if values:
            return values[0] if len(values) == 1 else values
    return None
