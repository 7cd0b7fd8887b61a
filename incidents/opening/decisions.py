"""What is done with an alert: by the first rule that matches it, or as shipped if none does."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import Any

from incidents.models import IncidentRule, RuleAction
from portal.architecture.models import Service
from portal.monitoring.models import Alert, matchers
from portal.monitoring.models.severities import rank
from portal.monitoring.muting.causes import labels_of

URGENT = frozenset(("critical", "page", "emergency", "fatal"))  # open an incident without a rule
URGENT_LEVEL = 2
HEARTBEAT = "heartbeat"  # the label of a job that did not report itself
HEARTBEAT_LEVEL = 3
LEVELS = {3: 2, 2: 4, 1: 5}  # of a rule that says none, by the rank of the alert's own word


@dataclass(frozen=True)
class Decision:
    """What one alert opens, or which incident it joins: the one of its group."""

    action: RuleAction
    level: int
    group: tuple[tuple[str, str], ...]
    rule: IncidentRule | None = None
    service: Service | None = None

    @property
    def opens(self) -> bool:
        return self.action != RuleAction.NOTHING

    @property
    def resolves(self) -> bool:
        return bool(self.rule and self.rule.resolves_itself)

    @property
    def policy(self) -> Any:
        return self.rule.policy if self.rule else None

    @cached_property
    def key(self) -> str:
        """The same for all alerts that join one incident."""
        said = json.dumps([self.rule.pk if self.rule else 0, self.group])
        return sha256(said.encode()).hexdigest()


class Rules:
    """Those in force, read once for any number of alerts."""

    def __init__(self, rows=None) -> None:
        found = IncidentRule.objects.active() if rows is None else rows
        rules = found.select_related("service__owner", "policy")
        self.ready = [(rule, matchers.ready(matchers.loaded(rule.matchers))) for rule in rules]

    def of_alert(self, alert: Alert) -> Decision:
        return self.of(labels_of(alert), severity=alert.severity, service=alert.service)

    def of(self, labels: Mapping[str, str], *, severity: str, service: Service | None) -> Decision:
        for rule, fits in self.ready:
            if fits(labels):
                return _by_rule(rule, labels, severity, rule.service or service)
        return _as_shipped(labels, severity, service)


def _by_rule(rule: IncidentRule, labels, severity: str, service) -> Decision:
    level = rule.level_of(severity) or LEVELS[rank(severity)]
    group = tuple((name, labels.get(name, "")) for name in rule.group_by)
    group = group or _usual_group(labels, service)
    return Decision(RuleAction(rule.action), level, group, rule, service)


def _as_shipped(labels, severity: str, service) -> Decision:
    if HEARTBEAT in labels:
        group = ((HEARTBEAT, labels[HEARTBEAT]),)
        return Decision(RuleAction.INCIDENT, HEARTBEAT_LEVEL, group, None, service)
    is_urgent = severity.strip().lower() in URGENT
    action = RuleAction.INCIDENT if is_urgent else RuleAction.NOTHING
    return Decision(action, URGENT_LEVEL, _usual_group(labels, service), None, service)


def _usual_group(labels, service) -> tuple[tuple[str, str], ...]:
    """One incident for each service; of what has none, one for each name."""
    if service:
        return (("service", service.slug),)
    return (("alertname", labels.get("alertname", "")),)
