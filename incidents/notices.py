"""What people are told about incidents.

Each message has a key, so that telling again tells nobody twice. It is queued in the transaction of
the verb that calls, and sent by the engine.
"""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse

from portal.accounts.models import User
from portal.core.web.address import absolute
from portal.notifications.models import Delivery, Kind, Urgency
from portal.notifications.notices import tell

from .escalation import links
from .oncall import kinds as oncall

OURS = "incidents-"  # what the key of each message begins with
READ = "incidents.view_incident"
RESTRICTED = "incidents.view_restricted_incident"
OPERATE = "incidents.change_escalationpolicy"
TITLE = "Incidents"
CALLS = Kind("incidents-calls", "You are called for an incident", permission=READ)
DUE = Kind("incidents-due", "Something of an incident that you work on is due", permission=READ)
ROLES = Kind("incidents-roles", "You are given a role in an incident", permission=READ)
RESOLVED = Kind(
    "incidents-resolved",
    "An incident of your team is resolved",
    permission=READ,
    for_teams=True,
    team_label="An incident of the team is resolved",
)
UPDATES = Kind("incidents-updates", "A status update of an incident", permission=READ)
SUBSCRIBED = "-- \nYou subscribed to this status page. Unsubscribe: "
KINDS = (CALLS, DUE, ROLES, RESOLVED, *oncall.KINDS)


def called(incident, *, people, channels, key: str, urgency: str, step: str) -> None:
    """Call these: a step of an escalation is theirs."""
    subject = f"{incident.severity_name} {incident}"
    why = f"You are called by {step}.\n{links.line_for(incident)}"
    _tell(incident, key, subject, f"{_described(incident)}\n\n{why}", CALLS, people, urgency)
    if channels:
        text = f"{_described(incident)}\n\nCalled: {step}.\n"
        about: dict[str, Any] = {
            "subject": _subject(incident, subject),
            "text": text,
            "kind": CALLS.name,
        }
        Delivery.objects.post(key=key, to=channels, urgency=urgency, **about)


def nobody_answered(incident, *, people, key: str, again_at) -> None:
    """Call all operators: its policy has ended, and nobody has it."""
    again = f"Everybody is called again at {again_at:%H:%M} UTC." if again_at else ""
    why = f"Its escalation policy has ended, and nobody answered. {again}".strip()
    text = f"{_described(incident)}\n\n{why}\n{links.line_for(incident)}"
    _tell(incident, key, f"Nobody answered: {incident}", text, CALLS, people, Urgency.HIGH)


def personal(text: str, recipient: User, created_at: datetime) -> str:
    """With the link by which this person acknowledges without signing in, if they may."""
    return links.made_personal(text, recipient, created_at)


def nobody_to_call(incident) -> None:
    """Tell operators that no policy reaches anybody."""
    people = _who_may_see(incident, User.objects.who_may(OPERATE))
    text = (
        f"{_described(incident)}\n\nNo escalation policy calls anybody for it. "
        "Take it, and give its service a policy."
    )
    key = f"{OURS}nobody-{incident.pk}-{incident.revision}"
    _tell(incident, key, f"Nobody is called: {incident}", text, CALLS, people, Urgency.HIGH)


def assigned(incident, label: str, *, to, before, by) -> None:
    """Tell who gets a role, and who had it."""
    key = f"{OURS}role-{incident.pk}-{incident.revision}"
    if to:
        text = f"{by} gave you the role “{label}”.\n\n{_described(incident)}"
        _tell(incident, key, f"{label}: {incident}", text, ROLES, [to], Urgency.LOW, by=by)
    if before:
        who = to or "nobody"
        text = f"{label} of {incident} is {who} now.\n\n{_page(incident)}"
        subject = f"No longer {label.lower()}: {incident}"
        _tell(incident, f"{key}-before", subject, text, ROLES, [before], Urgency.LOW, by=by)


def resolved(incident, *, by) -> None:
    """Tell those who work on it, and its owner team."""
    owners = incident.owner.members.all() if incident.owner else []
    people = _who_may_see(incident, [*incident.involved(), *owners])
    said = f"\n\n{incident.outcome}" if incident.outcome else ""
    text = f"{by or 'The portal'} resolved it.{said}\n\n{_described(incident)}"
    key = f"{OURS}resolved-{incident.pk}-{incident.revision}"
    teams = None if incident.is_restricted else [incident.owner_id]
    _tell(
        incident,
        key,
        f"Resolved: {incident}",
        text,
        RESOLVED,
        people,
        Urgency.LOW,
        by=by,
        teams=teams,
    )


def restriction_changed(incident, *, by, reason: str) -> None:
    """Tell who takes part, and who sees all restricted ones, who else may see it and why."""
    members = [each.person for each in incident.participants.select_related("person")]
    people = _who_may_see(incident, [*members, *User.objects.who_may(RESTRICTED)])
    word, who = "Restricted", "Only those who take part, and operators, see that it exists."
    if not incident.is_restricted:
        word, who = "No longer restricted", "Everybody who reads incidents sees it."
    said = f"{word} by {by}. {who}" + (f"\n\nWhy: {reason}" if reason else "")
    key = f"{OURS}restricted-{incident.pk}-{incident.revision}"
    text = f"{said}\n\n{_described(incident)}"
    _tell(incident, key, f"{word}: {incident}", text, UPDATES, people, Urgency.LOW, by=by)


def clock_due(incident, clock, *, is_late: bool) -> None:
    """Tell who has to do it that it is due soon, or late."""
    people = incident.involved() or (incident.owner.members.all() if incident.owner else [])
    operators = User.objects.who_may(OPERATE)
    people = _who_may_see(incident, people) or _who_may_see(incident, operators)
    what = clock.get_kind_display()
    subject = f"{what} late: {incident}" if is_late else f"{what} due soon: {incident}"
    due = f"{clock.due_at:%Y-%m-%d %H:%M} UTC"
    text = f"{what} {'was' if is_late else 'is'} due by {due}.\n\n{_described(incident)}"
    urgent = is_late and incident.terms["is_urgent"]
    key = f"{OURS}clock-{clock.pk}-{'late' if is_late else 'soon'}"
    _tell(incident, key, subject, text, DUE, people, Urgency.HIGH if urgent else Urgency.LOW)


# Communications: what goes out, and the approval of it


def communication(row) -> tuple[str, str]:
    """Subject and text as its audience gets them."""
    incident = row.incident
    drill = "Drill: " if incident.is_drill else ""
    page = status_page() if row.is_public else _page(incident)
    return f"{drill}{row.subject}", f"{row.text}\n\n{page}"


def status_page() -> str:
    """Its address for people outside; the internal one if there is none for them."""
    return absolute(reverse("status:public" if settings.PUBLIC_STATUS else "status:page"))


def farewell(token: str) -> str:
    """What each mail to a subscriber ends with."""
    address = absolute(reverse("status:leave", args=[token]))
    return f"{SUBSCRIBED}{address}"


def leaving(kind: str, text: str) -> str:
    """The address at which who gets this message leaves; empty where nobody has subscribed."""
    _, is_there, address = text.rstrip().rpartition(SUBSCRIBED)
    return address if kind == UPDATES.name and is_there and address.isprintable() else ""


def confirm_subscription(row, *, token: str) -> None:
    """Mail a stranger the link that confirms the address."""
    address = absolute(reverse("status:confirm", args=[token]))
    text = (
        f"Somebody asked to mail this address the updates of our status page.\n\nTo confirm, open "
        f"{address}\n\nIf it was not you, do nothing: the request is forgotten in two days.\n"
    )
    key = f"incidents-subscription-{row.pk}-{row.asked_at:%Y%m%d%H%M%S%f}"
    Delivery.objects.post(key=key, to=[row.email], subject="Confirm your subscription", text=text)


def approval_wanted(row, *, to, by) -> None:
    """Ask who may approve it."""
    text = (
        f"{by} asks you to approve this message to {row.get_audience_display().lower()}.\n\n"
        f"{row.text}\n\nRead it, then approve it or send it back: {_page(row)}"
    )
    key = f"{row.key}-approval-{row.revision}"
    _tell(row.incident, key, f"Approve: {row}", text, DUE, to, Urgency.HIGH, by=by)


def sent_back(row, *, by) -> None:
    """Tell its author what has to change."""
    text = f"{by} sent your message back:\n\n{row.reason}\n\n{_page(row)}"
    to = [row.author] if row.author else []
    key = f"{row.key}-returned-{row.revision}"
    _tell(row.incident, key, f"Sent back: {row}", text, DUE, to, Urgency.HIGH, by=by)


def _who_may_see(incident, people) -> list:
    return [each for each in people if incident.is_visible_to(each)]


def _described(incident) -> str:
    lines = [f"{incident.severity_name} {incident.title}", incident.description, _page(incident)]
    return "\n".join(filter(None, lines))


def _page(row) -> str:
    return absolute(row.get_absolute_url())


def _tell(incident, key, subject, text, kind, people, urgency, *, by=None, teams=None) -> None:
    tell(
        key=key,
        subject=_subject(incident, subject),
        text=text,
        concerned=[(kind, people)],
        by=by,
        urgency=urgency,
        teams=teams,
    )


def _subject(incident, subject: str) -> str:
    return f"Drill: {subject}" if incident.is_drill else subject
