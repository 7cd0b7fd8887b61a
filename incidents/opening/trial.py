"""What an alert would do: which rule matches it, what it opens, and who is called first."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from incidents.models import EscalationPolicy, Incident
from incidents.models.severities import name_of
from portal.architecture.models import Service
from portal.monitoring.models import Alert
from portal.monitoring.muting.causes import labels_of

from .alerts import standing
from .decisions import Decision, Rules


@dataclass(frozen=True)
class Trial:
    """The answer to “Try it”; nothing is opened."""

    labels: dict[str, str]
    decision: Decision
    policy: EscalationPolicy | None
    called: list[str]
    joins: Incident | None
    hindrance: str = ""  # what keeps this alert from opening anything

    @property
    def severity(self) -> str:
        return name_of(self.decision.level)


def of_labels(labels: Mapping[str, str], user) -> Trial:
    service = Service.objects.filter(slug=labels.get("service", "")[:200]).first()
    severity = labels.get("severity", "")
    return _tried(labels, Rules().of(labels, severity=severity, service=service), user)


def of_alert(alert: Alert, user) -> Trial:
    decision = Rules().of_alert(alert)
    return _tried(labels_of(alert), decision, user, _hindrance(alert, user))


def _tried(labels, decision: Decision, user, hindrance: str = "") -> Trial:
    policy = _policy_of(decision)
    joins = standing(decision.key) if decision.opens else None
    seen = joins if joins and joins.is_visible_to(user) else None
    return Trial(dict(labels), decision, policy, _called(policy), seen, hindrance)


def _policy_of(decision: Decision) -> Any:
    """As `declare` finds it."""
    given = decision.policy if decision.policy and not decision.policy.archived_at else None
    services = [decision.service] if decision.service else []
    policies = EscalationPolicy.objects
    return given or policies.for_services(services) or policies.catch_all()


def _called(policy: EscalationPolicy | None) -> list[str]:
    """The names of those whom the first step calls."""
    stages = [stage for stage in (policy.plan() if policy else []) if stage["steps"]]
    return [each["name"] for each in stages[0]["steps"][0]["targets"]] if stages else []


def _hindrance(alert: Alert, user) -> str:
    if not alert.is_firing:
        return "It is over, so it opens nothing."
    if joined := Incident.objects.visible(user).filter(incident_alerts__alert=alert).first():
        return f"It belongs to {joined.name} already."
    if alert.muted_by:
        return "It is muted, so it opens nothing until that ends."
    return "Somebody has acknowledged it, so it opens nothing." if alert.acknowledged_at else ""
