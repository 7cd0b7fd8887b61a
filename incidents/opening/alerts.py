"""Incidents are opened for alerts that call people and have none; further ones join.

Facts are pulled: monitoring has never heard of incidents. Any number of engines may do this at
once: of a group one incident is open, and an alert belongs to one at most, by constraint.
"""

import logging
import re
from collections import defaultdict
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from incidents.models import Incident, IncidentRule, IncidentSource, Severity
from incidents.models.incidents import LONGEST_TITLE
from incidents.problems import WrongState
from portal.core.data import crash_points
from portal.core.data.signs import IN_A_LINE, IN_A_TEXT
from portal.monitoring.models import Alert

from .decisions import Decision, Rules

AT_ONCE = 1000  # alerts of one unit
TRIES = 5
RELATED = timedelta(days=1)  # what ended so shortly before is related
LONGEST_DESCRIPTION = 2000
OVERTAKEN = (IntegrityError, ValidationError, WrongState)  # somebody else opened or ended it

log = logging.getLogger(__name__)


class Opening:
    """The engine's job: each call is one unit. It remembers what opens nothing, as long as neither
    that alert nor the rules change.
    """

    def __init__(self) -> None:
        self.stamp: tuple | None = None
        self.passed: dict[int, datetime] = {}

    def __call__(self, at: datetime) -> bool:
        found = dict(_waiting().values_list("pk", "received_at"))
        if not found:
            return False
        self._forget(found)
        keys = [pk for pk, seen in found.items() if self.passed.get(pk) != seen][:AT_ONCE]
        if not keys:
            return False
        joined = open_for(keys, at)
        self.passed |= {pk: found[pk] for pk in keys if pk not in joined}
        return True

    def _forget(self, found: dict[int, datetime]) -> None:
        stamp = IncidentRule.objects.stamp()
        kept = self.passed if stamp == self.stamp else {}
        self.passed = {pk: seen for pk, seen in kept.items() if pk in found}
        self.stamp = stamp


def _waiting():
    """Calling people, in nobody's hands, and in no incident."""
    return Alert.objects.unattended().filter(in_incident__isnull=True).order_by("starts_at", "pk")


def open_for(keys: list[int], at: datetime) -> set[int]:
    """Let each of these alerts join the incident of its group; those that did, or have one."""
    rules, groups = Rules(), defaultdict(list)
    rows = _waiting().filter(pk__in=keys).select_related("service__owner", "runbook")
    for alert in rows:
        decision = rules.of_alert(alert)
        if decision.opens:
            groups[decision.key].append((decision, alert))
    return {pk for group in groups.values() for pk in _opened(group, at)}


def _opened(group: list[tuple[Decision, Alert]], at: datetime) -> list[int]:
    """One incident; what goes wrong with one group keeps no other one waiting."""
    try:
        _joined(group, at)
    except OVERTAKEN:
        log.exception("Alerts open no incident: %s", group[0][1])
        return []
    return [alert.pk for _, alert in group]


def _joined(group: list[tuple[Decision, Alert]], at: datetime) -> None:
    for left in reversed(range(TRIES)):
        try:
            with transaction.atomic():
                _join(group, at)
                crash_points.reach("joined")
            return
        except OVERTAKEN:
            if not left:
                raise


def _join(group: list[tuple[Decision, Alert]], at: datetime) -> None:
    alerts = [alert for _, alert in group]
    worst = min((decision for decision, _ in group), key=lambda each: each.level)
    services = [decision.service for decision, _ in group if decision.service]
    incident = standing(worst.key)
    if incident is None:
        free = _waiting().filter(pk__in=[alert.pk for alert in alerts])
        free = set(free.values_list("pk", flat=True))
        alerts = [alert for alert in alerts if alert.pk in free]
        if alerts:
            incident = _declare(worst, alerts, services, at)
            crash_points.reach("opened")
            incident.join_alerts(alerts, at=at)
    elif incident.join_alerts(alerts, at=at):
        incident.affect_services(services, at=at)
        _worsen(incident, worst.level, at)


def standing(key: str) -> Incident | None:
    """The open incident that alerts of this group join: its own, or what that was merged into."""
    found = Incident.objects.of_group(key).first() or _merged(key)
    seen = set()
    while found and found.merged_into_id and found.pk not in seen:
        seen.add(found.pk)
        found = found.merged_into
    return found if found and found.is_open else None


def _merged(key: str) -> Incident | None:
    """The newest of the group, if it was merged."""
    newest = Incident.objects.filter(group_key=key).order_by("-declared_at", "-pk").first()
    return newest if newest and newest.merged_into_id else None


def _declare(decision: Decision, alerts: list[Alert], services: list, at: datetime) -> Incident:
    first = alerts[0]
    runbook = next((alert.runbook for alert in alerts if alert.runbook_id), None)
    incident = Incident.objects.declare(
        title=title_of(first),
        description=_described(first),
        severity=Severity.objects.of(decision.level),
        by=None,
        at=at,
        services=services,
        policy=_current(decision.policy),
        runbook=runbook,
        source=IncidentSource.ALERT,
        group_key=decision.key,
        rule=decision.rule,
        resolves=decision.resolves,
    )
    previous = Incident.objects.before_of_group(decision.key, since=at - RELATED).first()
    if previous:
        incident.relate(previous, by=None, at=at)
    return incident


def _current(policy):
    return policy if policy and policy.archived_at is None else None


def _worsen(incident: Incident, level: int, at: datetime) -> None:
    """A worse alert makes it worse, unless a person has said how bad it is."""
    if level < incident.level and not incident.is_judged:
        severity = Severity.objects.of(level)
        incident.change_severity(severity, by=None, reason="A worse alert joined", at=at)


def title_of(alert: Alert) -> str:
    """What an alert says in a line, without what no title may have."""
    said = re.sub(r"\s+", " ", IN_A_LINE.sub(" ", alert.summary or alert.name)).strip()
    title = said or f"Alert {alert.pk}"
    return title if len(title) <= LONGEST_TITLE else f"{title[: LONGEST_TITLE - 1]}…"


def _described(alert: Alert) -> str:
    text = str(alert.annotations.get("description", ""))
    return IN_A_TEXT.sub(" ", text).strip()[:LONGEST_DESCRIPTION]
