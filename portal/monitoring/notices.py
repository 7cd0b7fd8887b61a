"""What people are told about alerts: that they fire, and that they are over."""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import groupby

from django.urls import reverse
from django.utils.formats import date_format

from portal.accounts.models import User
from portal.core.web.address import absolute
from portal.notifications.models import Kind
from portal.notifications.notices import tell

from .heartbeats.notices import HEARTBEATS
from .models import Alert, Intake

OURS = "alerts-"  # what the key of each message begins with
READ = "monitoring.view_alert"
OPERATE = "monitoring.change_intake"
TITLE = "Alerts"
FIRES = Kind("alerts-fire", "An alert of a service of your team fires", permission=READ)
RESOLVED = Kind(
    "alerts-resolved", "An alert of a service of your team is resolved", permission=READ
)
KINDS = (FIRES, RESOLVED, HEARTBEATS)
NAMED = 20  # in one message; it says how many more there are


def began(alerts: Sequence[Alert], *, intake: Intake | None, team: int | None = None) -> None:
    """Tell the owner team of each service, once an episode; what came together, together."""
    for told, group in _by_team(alerts, intake, team):
        key = _key(group[0], "fire")
        subject = (
            f"Fires: {group[0]}"
            if len(group) == 1
            else f"{len(group)} alerts fire: {_names(group)}"
        )
        text = "\n\n".join([*map(_described, group[:NAMED]), *_more(group)])
        _tell(group, key, subject, text, FIRES, told)


def ended(alerts: Sequence[Alert], *, intake: Intake | None, team: int | None = None) -> None:
    for told, group in _by_team(alerts, intake, team):
        key = _key(group[0], "end")
        subject = (
            f"Resolved: {group[0]}"
            if len(group) == 1
            else f"{len(group)} alerts are resolved: {_names(group)}"
        )
        lines = [f"{alert} is over since {_time(alert.ends_at)}." for alert in group[:NAMED]]
        text = "\n".join([*lines, *_more(group), "", f"Alerts: {_now_page()}"])
        _tell(group, key, subject, text, RESOLVED, told)


def _tell(group: list[Alert], key: str, subject: str, text: str, kind: Kind, team) -> None:
    """Each alert keeps the key, by which its page finds the messages."""
    tell(key=key, subject=subject, text=text, concerned=[(kind, _people(team))], by=None)
    for alert in group:
        alert.told = [*alert.told, key]


def _by_team(
    alerts: Iterable[Alert], intake: Intake | None, first: int | None
) -> list[tuple[int | None, list[Alert]]]:
    """The alerts by the team that hears of them; None: operators do."""
    default = intake.default_team_id if intake else None

    def team(alert: Alert) -> int:
        owner = alert.service.owner_id if alert.service else None
        return first or owner or default or 0

    rows = sorted(alerts, key=team)
    return [(key or None, list(group)) for key, group in groupby(rows, key=team)]


def _people(team: int | None) -> Iterable[User]:
    """The members of a team; operators where there is none, or nobody in it who may look."""
    members = list(User.objects.who_may(READ).filter(teams=team)) if team else []
    return members or User.objects.who_may(OPERATE)


def _key(alert: Alert, what: str) -> str:
    """One for each time that an episode begins or ends: who stores it twice tells it once."""
    episode = f"{alert.source}\n{alert.fingerprint}\n{alert.starts_at.isoformat()}"
    digest = hashlib.sha256(episode.encode()).hexdigest()[:32]
    return f"{OURS}{what}-{digest}-{len(alert.told) + 1}"


def _described(alert: Alert) -> str:
    lines = [
        f"{alert} fires since {_time(alert.starts_at)}.",
        alert.summary[:500],
        f"Severity: {alert.severity}" if alert.severity else "",
        f"Service: {alert.service}" if alert.service else "Service: none was found",
        _runbook(alert),
        f"Look at it, acknowledge it, say whether it was useful: {_page(alert)}",
    ]
    return "\n".join(filter(None, lines))


def _runbook(alert: Alert) -> str:
    """The address that leads to the runbook, or to the nearest ones."""
    if alert.runbook:
        return f"Runbook: {alert.runbook}, {absolute(alert.runbook.get_absolute_url())}"
    if alert.runbook_url:
        return f"Runbook: {alert.runbook_url}"
    return f"No runbook answers it. What comes nearest: {absolute(_by_name(alert))}"


def _by_name(alert: Alert) -> str:
    return reverse("alert", args=[alert.name])


def _page(alert: Alert) -> str:
    return absolute(alert.get_absolute_url())


def _now_page() -> str:
    return absolute(reverse("monitoring:alerts"))


def _more(group: list[Alert]) -> list[str]:
    left = len(group) - NAMED
    return [f"And {left} more: {_now_page()}"] if left > 0 else []


def _names(group: list[Alert]) -> str:
    names = list(dict.fromkeys(alert.name for alert in group))
    return ", ".join(names[:3]) + (", …" if len(names) > 3 else "")


def _time(at: datetime | None) -> str:
    return f"{date_format(at, 'j M Y, H:i:s')} UTC" if at else ""
