"""What people are told about alerts: that they fire, and that they are over."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby

from django.urls import reverse
from django.utils.formats import date_format

from portal.accounts.models import User
from portal.architecture.models import Service
from portal.core.web.address import absolute
from portal.notifications.models import Kind, Urgency
from portal.notifications.notices import WATCHED, tell

from .heartbeats.notices import HEARTBEATS
from .models import Alert, Intake, Muting, Window, severities
from .ratings import links

OURS = "alerts-"  # what the key of each message begins with
READ = "monitoring.view_alert"
OPERATE = "monitoring.change_intake"
TITLE = "Alerts"
FIRES = Kind(
    "alerts-fire",
    "An alert of a service of your team fires",
    permission=READ,
    for_teams=True,
    team_label="An alert of a service of the team fires",
)
RESOLVED = Kind(
    "alerts-resolved",
    "An alert of a service of your team is resolved",
    permission=READ,
    for_teams=True,
    team_label="An alert of a service of the team is resolved",
)
WINDOWS = Kind(
    "maintenance",
    "Maintenance of a service of your team begins or ends",
    permission=READ,
    for_teams=True,
    team_label="Maintenance of a service of the team begins or ends",
)
KINDS = (FIRES, RESOLVED, WINDOWS, HEARTBEATS)
NAMED = 20  # in one message; it says how many more there are


@dataclass
class Together:
    """What one delivery tells, which is stored in parts: each team hears of it once.

    Its alerts in later parts keep the key of the message that the first one sent.
    """

    is_part: bool = False  # the parts of it that are to come are not known yet
    keys: dict[tuple[str, int | None], str] = field(default_factory=dict)  # by kind and team


def began(alerts: Sequence[Alert], *, intake: Intake | None, told: Together | None = None) -> None:
    """Tell the owner team of each service, once an episode; what came together, together."""
    told = told or Together()
    for team, group in _by_team(alerts, intake):
        key = _key(group[0], "fire")
        subject = (
            f"Fires: {group[0]}"
            if len(group) == 1 and not told.is_part
            else f"{_count(group, told)} alerts fire: {_names(group)}"
        )
        text = "\n\n".join([*map(_described, group[:NAMED]), *_more(group, told)])
        _tell(group, key, subject, text, FIRES, team, told=told)


def still_fire(
    alerts: Sequence[Alert], mutings: Mapping[int, Muting], *, intake: Intake | None
) -> None:
    """Tell of alerts that fire and are muted no longer; each of the mutings keeps the key."""
    for team, group in _by_team(alerts, intake):
        key = f"{OURS}unmuted-{mutings[group[0].pk].pk}"
        subject = (
            f"Still fires: {group[0]}"
            if len(group) == 1
            else f"{len(group)} alerts still fire: {_names(group)}"
        )
        about = [f"Muted until now: {mutings[each.pk].why}" for each in group[:NAMED]]
        texts = [f"{_described(each)}\n{why}" for each, why in zip(group, about, strict=False)]
        _tell(group, key, subject, "\n\n".join([*texts, *_more(group)]), FIRES, team)
        for each in group:
            mutings[each.pk].told_key = key


def ended(
    alerts: Sequence[Alert],
    *,
    intake: Intake | None,
    by: User | None = None,
    told: Together | None = None,
) -> None:
    """Tell those who were told that they fire; what was muted all the time ends as quietly."""
    told = told or Together()
    for team, group in _by_team([each for each in alerts if each.told], intake):
        key = _key(group[0], "end")
        subject = (
            f"Resolved: {group[0]}"
            if len(group) == 1 and not told.is_part
            else f"{_count(group, told)} alerts are resolved: {_names(group)}"
        )
        lines = [
            f"{alert} has been over since {_time(alert.ends_at)}.{_by_hand(alert)}\n"
            f"{links.line_for(alert)}"
            for alert in group[:NAMED]
        ]
        text = "\n".join([*lines, *_more(group, told), "", f"Alerts: {_now_page()}"])
        _tell(group, key, subject, text, RESOLVED, team, by, told)


def window_began(window: Window) -> None:
    """Tell the owner teams of its services and who watches them, once."""
    plan = window.maintenance
    lines = [
        f"{plan} is under way until {_time(window.ends_at)}.",
        plan.note,
        _services(window),
        f"Alerts of it call nobody meanwhile; they are recorded. {_plan_page(window)}",
    ]
    _tell_of(window, "began", f"Maintenance begins: {plan}", lines)


def window_moved(window: Window) -> None:
    """It ends at another time than was told when it began."""
    plan = window.maintenance
    lines = [
        f"{plan} goes on until {_time(window.ends_at)}.",
        plan.note,
        _services(window),
        f"Alerts of it call nobody until then; they are recorded. {_plan_page(window)}",
    ]
    what = f"moved-{window.ends_at:%Y%m%dT%H%M%S}-{plan.revision}"
    _tell_of(window, what, f"Maintenance ends at another time: {plan}", lines)


def window_ended(window: Window) -> None:
    plan = window.maintenance
    by = f" It was ended early by {window.ended_by}." if window.ended_by else ""
    lines = [
        f"{plan} has been over since {_time(window.ends_at)}.{by}",
        _services(window),
        f"What still fires calls people again. {_plan_page(window)}",
    ]
    _tell_of(window, "ended", f"Maintenance is over: {plan}", lines)


def _tell_of(window: Window, what: str, subject: str, lines: list[str]) -> None:
    readers = User.objects.who_may(READ)
    services = Service.objects.all()
    if not window.maintenance.is_for_all:
        services = window.maintenance.services.all()
    owners = readers.filter(teams__services__in=services).distinct()
    watching = readers.filter(watched_services__in=services).distinct()
    planner = [window.maintenance.planned_by] if window.maintenance.planned_by else []
    tell(
        key=f"{OURS}maintenance-{what}-{window.pk}",
        subject=subject,
        text="\n".join(filter(None, lines)),
        concerned=[(WINDOWS, [*owners, *planner]), (WATCHED, watching)],
        by=None,
        teams=set(services.values_list("owner", flat=True)),
    )


def _services(window: Window) -> str:
    if window.maintenance.is_for_all:
        return "Services: all"
    names = [str(each) for each in window.maintenance.services.all()]
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return f"Services: {', '.join(names[:NAMED])}{more}"


def _plan_page(window: Window) -> str:
    return absolute(window.maintenance.get_absolute_url())


def _tell(
    group: list[Alert], key: str, subject: str, text: str, kind: Kind, team, by=None, told=None
) -> None:
    """Each alert keeps the key, by which its page finds the messages.

    What begins and may not wait is urgent: it reaches people by each of their ways, at any hour.
    """
    known = told.keys.setdefault((kind.name, team), key) if told else key
    if known == key:
        is_urgent = kind == FIRES and any(severities.is_urgent(each.severity) for each in group)
        tell(
            key=key,
            subject=subject,
            text=text,
            concerned=[(kind, _people(team))],
            by=by,
            urgency=Urgency.HIGH if is_urgent else Urgency.LOW,
            teams=[team],
        )
    for alert in group:
        alert.told = [*alert.told, known]


def _by_team(
    alerts: Iterable[Alert], intake: Intake | None
) -> list[tuple[int | None, list[Alert]]]:
    """The alerts by the team that hears of them; None: operators do."""
    default = intake.default_team_id if intake else None

    def team(alert: Alert) -> int:
        owner = alert.service.owner_id if alert.service else None
        return alert.team_id or owner or default or 0

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


def _by_hand(alert: Alert) -> str:
    return f" {alert.resolved_by} ended it: {alert.resolved_note}" if alert.resolved_by else ""


def _described(alert: Alert) -> str:
    lines = [
        f"{alert} has been firing since {_time(alert.starts_at)}.",
        alert.summary[:500],
        f"Severity: {alert.severity}" if alert.severity else "",
        f"Service: {alert.service}" if alert.service else "Service: none was found",
        _runbook(alert),
        f"Look at it, acknowledge it: {_page(alert)}",
        links.line_for(alert),
    ]
    return "\n".join(filter(None, lines))


def personal(text: str, recipient: User, created_at: datetime) -> str:
    """With the links by which this person rates an alert without signing in, if they may."""
    return links.made_personal(text, recipient, created_at)


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


def _count(group: list[Alert], told: Together) -> str:
    """How many, as far as it is known."""
    return "Many" if told.is_part else str(len(group))


def _more(group: list[Alert], told: Together | None = None) -> list[str]:
    if told and told.is_part:
        return [f"All of them: {_now_page()}"]
    left = len(group) - NAMED
    return [f"And {left} more: {_now_page()}"] if left > 0 else []


def _names(group: list[Alert]) -> str:
    names = list(dict.fromkeys(alert.name for alert in group))
    return ", ".join(names[:3]) + (", …" if len(names) > 3 else "")


def _time(at: datetime | None) -> str:
    return f"{date_format(at, 'j M Y, H:i:s')} UTC" if at else ""
