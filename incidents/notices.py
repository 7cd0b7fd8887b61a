"""What people are told about incidents.

Each message has a key, so that telling again tells nobody twice. It is queued in the transaction of
the verb that calls, and sent by the engine.
"""

from portal.accounts.models import User
from portal.core.web.address import absolute
from portal.notifications.models import Kind, Urgency
from portal.notifications.notices import tell

OURS = "incidents-"  # what the key of each message begins with
READ = "incidents.view_incident"
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
KINDS = (CALLS, DUE, ROLES, RESOLVED)


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


def clock_due(incident, clock, *, is_late: bool) -> None:
    """Tell who has to do it that it is due soon, or late."""
    people = incident.involved() or (incident.owner.members.all() if incident.owner else [])
    people = _who_may_see(incident, people) or [*User.objects.who_may(OPERATE)]
    what = clock.get_kind_display()
    subject = f"{what} late: {incident}" if is_late else f"{what} due soon: {incident}"
    due = f"{clock.due_at:%Y-%m-%d %H:%M} UTC"
    text = f"{what} {'was' if is_late else 'is'} due by {due}.\n\n{_described(incident)}"
    urgent = is_late and incident.terms["is_urgent"]
    key = f"{OURS}clock-{clock.pk}-{'late' if is_late else 'soon'}"
    _tell(incident, key, subject, text, DUE, people, Urgency.HIGH if urgent else Urgency.LOW)


def _who_may_see(incident, people) -> list:
    return [each for each in people if incident.is_visible_to(each)]


def _described(incident) -> str:
    lines = [f"{incident.severity_name} {incident.title}", incident.description, _page(incident)]
    return "\n".join(filter(None, lines))


def _page(incident) -> str:
    return absolute(incident.get_absolute_url())


def _tell(incident, key, subject, text, kind, people, urgency, *, by=None, teams=None) -> None:
    drill = "Drill: " if incident.is_drill else ""
    tell(
        key=key,
        subject=f"{drill}{subject}",
        text=text,
        concerned=[(kind, people)],
        by=by,
        urgency=urgency,
        teams=teams,
    )
