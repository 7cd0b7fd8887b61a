"""A week of incidents at the shop. The one that is open was declared by a person, so that the next
alert of its service opens one of its own."""

from datetime import datetime, timedelta

from incidents.escalation import engine as escalation
from incidents.models import (
    Communication,
    CommunicationTemplate,
    Incident,
    IncidentSource,
    Moment,
    Role,
    Severity,
)
from incidents.notices import OURS
from portal.core.ops.demo import World
from portal.monitoring.models import Alert
from portal.notifications.models import Attempt, Delivery, DeliveryState

from .stories import FIRES, OPEN, PAST, Line, Story

WRITTEN = ("note", "decision", "finding")
MOVES = ("identify", "mitigate", "resolve", "close")
VALUES = {"not_affected": "Browsing the shop", "workaround": "Pay by invoice"}


def make_incidents(world: World) -> None:
    """The oldest first."""
    for story in sorted(PAST, key=lambda story: -story.ago):
        began = world.now - timedelta(minutes=story.ago)
        _follow(world, _declared(world, story, began), story.lines, began)
    alert = Alert.objects.firing().get(name=FIRES)
    began = alert.starts_at + timedelta(seconds=30)
    incident = _declared(world, OPEN, began, runbook=alert.runbook)
    incident.join_alerts([alert], at=began)
    _follow(world, incident, OPEN.lines, began)
    world.report(f"{Incident.objects.count()} incidents, one of them is open")


def _declared(world: World, story: Story, began: datetime, *, runbook=None) -> Incident:
    return Incident.objects.declare(
        title=story.title,
        severity=Severity.objects.of(story.level),
        by=world.people.get(story.by),
        at=began,
        services=[world.services[slug] for slug in story.services],
        runbook=runbook,
        source=IncidentSource.PERSON if story.by else IncidentSource.ALERT,
        is_drill=story.is_drill,
        is_restricted=story.is_restricted,
    )


def _follow(world: World, incident: Incident, lines: tuple[Line, ...], began: datetime) -> None:
    """As it went: the first ones are called, and then people act."""
    escalation.take_due(began)
    _date_messages(began)
    for line in lines:
        at = began + timedelta(minutes=line.minute)
        incident.refresh_from_db()
        _do(world, incident, line, at)
        _date_messages(at)


def _do(world: World, incident: Incident, line: Line, at: datetime) -> None:
    by = world.people[line.who]
    if line.verb == "acknowledge":
        incident.acknowledge(by=by, at=at, how=line.text)
    elif line.verb in WRITTEN:
        incident.note(line.text, by=by, kind=line.verb, at=at)
    elif line.verb in MOVES:
        getattr(incident, line.verb)(by=by, text=line.text, at=at)
    elif line.verb == "task":
        incident.add_task(line.text, by=by, at=at)
    elif line.verb in Moment.values:
        _tell(incident, line, by, at)
    else:
        incident.assign(Role(line.verb), by, by=by, at=at)


def _tell(incident: Incident, line: Line, by, at: datetime) -> None:
    """Customers hear of it; the commander writes it, who needs nobody's approval."""
    about = {"audience": "customers", "moment": line.verb}
    template = CommunicationTemplate.objects.usual(**about)
    values = {"impact": line.text, "outcome": line.text, **VALUES}
    row = Communication.objects.draft(
        incident, by=by, at=at, template=template, values=values, **about
    )
    row.send(by=by, at=at)


def _date_messages(at: datetime) -> None:
    """What was just queued was written and sent then."""
    rows = Delivery.objects.filter(key__startswith=OURS, state=DeliveryState.WAITING)
    about = {"number": 1, "began_at": at, "seconds": 0.3, "answer": "250 OK"}
    Attempt.objects.bulk_create(Attempt(delivery=each, **about) for each in rows)
    times = {"created_at": at, "due_at": at, "sent_at": at + timedelta(seconds=2)}
    rows.update(state=DeliveryState.SENT, attempts=1, **times)
