"""PagerDuty's Events API v2: what its clients send, and what they expect to be answered."""

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import orjson

from portal.monitoring.alerts.reports import (
    LONGEST_ANNOTATION,
    LONGEST_FINGERPRINT,
    LONGEST_VALUE,
    Report,
    Unreadable,
    text_of,
    texts_of,
    time_of,
)

from .deliveries import Delivery, first_text, list_of, object_of

ACTIONS = ("trigger", "acknowledge", "resolve")
LABELS = ("source", "component", "group", "class", "severity")
FROM_DETAILS = ("service", "alertname", "app", "job", "namespace", "instance", "environment")
NAMES = ("alertname", "alert_name")
TOO_DEEP = b"(nested too deeply to be kept without its routing key)"


def routing_key(data: Any) -> str:
    key = object_of(data, "The body").get("routing_key")
    return key if isinstance(key, str) else ""


def read(data: Any, *, at: datetime) -> tuple[Delivery, str]:
    """The one alert of an event, and its `dedup_key`, made up for a trigger that has none."""
    if data is None:
        raise Unreadable("The event is nested too deeply.")
    event = object_of(data, "The body")
    action, given = event.get("event_action"), event.get("dedup_key")
    if action not in ACTIONS:
        raise Unreadable(f"“event_action” is one of {', '.join(ACTIONS)}.")
    key = given if isinstance(given, str) else ""
    if len(key) > LONGEST_FINGERPRINT:
        raise Unreadable(f"“dedup_key” has at most {LONGEST_FINGERPRINT} characters.")
    if not key and action != "trigger":
        raise Unreadable(f"“dedup_key” says what to {action}.")
    key = key or uuid.uuid4().hex
    if action == "trigger":
        report = _triggered(event, key, at)
    else:
        report = Report(
            fingerprint=key,
            name="",
            is_firing=action == "acknowledge",
            is_acknowledged=action == "acknowledge",
            is_described=False,
            ends_all=True,
        )
    return Delivery([report], sender=text_of(event.get("client"), 200)), key


def _triggered(event: Mapping, key: str, at: datetime) -> Report:
    about = object_of(event.get("payload"), "“payload”")
    summary = text_of(about.get("summary"), 1024).strip()
    if not summary:
        raise Unreadable("“payload.summary” says what happened.")
    given = about.get("custom_details")
    details = texts_of(given, LONGEST_ANNOTATION)
    labels = texts_of({name: about[name] for name in LABELS if about.get(name)}, LONGEST_VALUE)
    labels |= {name: details[name][:LONGEST_VALUE] for name in FROM_DETAILS if details.get(name)}
    name = first_text([*(details.get(each) for each in NAMES), about.get("class"), summary])
    return Report(
        fingerprint=key,
        name=name,
        is_firing=True,
        starts_at=time_of(about.get("timestamp"), at=at),
        labels=labels,
        annotations=details | {"summary": summary},
        severity=labels.get("severity", ""),
        generator_url=text_of(event.get("client_url"), 2000),
        runbook_url=details.get("runbook_url") or _runbook_link(event.get("links")),
        ends_all=True,
    )


def _runbook_link(links: Any) -> str:
    """The first link whose text, or address, speaks of a runbook."""
    for link in list_of(links, "“links”") if links else []:
        if isinstance(link, Mapping):
            address = text_of(link.get("href"), 2000)
            if "runbook" in f"{address} {text_of(link.get('text'), 200)}".lower():
                return address
    return ""


def without_key(body: bytes, data: Mapping) -> tuple[bytes, Any]:
    """What is kept of an event, and what is read: nobody is to see the key that opens the intake.

    JSON may spell a letter as an escape; such a body is written anew first. What is nested too
    deeply for that is no event: nothing of it is kept, and None is read.
    """
    try:
        plain = orjson.dumps(data) if b"\\u" in body else body
        masked = plain.replace(data["routing_key"].encode(), b"(routing key)")
        return masked, orjson.loads(masked)
    except (TypeError, orjson.JSONDecodeError):  # it writes fewer levels than it reads
        return TOO_DEEP, None
