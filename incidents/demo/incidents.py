"""A week of incidents at the shop: one is open."""

from datetime import datetime, timedelta

from incidents.models import Clock, Incident, IncidentSource, Role, Severity
from portal.core.ops.demo import World

from .stories import OPEN, PAST, Line, Story

WRITTEN = ("note", "decision", "finding")
MOVES = ("identify", "mitigate", "resolve", "close")


def make_incidents(world: World) -> list[Incident]:
    """The oldest first; the one that is open comes last."""
    stories = [*sorted(PAST, key=lambda story: -story.ago), OPEN]
    return [_told(world, story) for story in stories]


def _told(world: World, story: Story) -> Incident:
    began = world.now - timedelta(minutes=story.ago)
    services = [world.services[slug] for slug in story.services if slug in world.services]
    incident = Incident.objects.declare(
        title=story.title,
        severity=Severity.objects.of(story.level),
        by=world.people.get(story.by),
        at=began,
        services=services,
        source=IncidentSource.PERSON if story.by else IncidentSource.ALERT,
        is_drill=story.is_drill,
        is_restricted=story.is_restricted,
    )
    for line in story.lines:
        _do(world, incident, line, began + timedelta(minutes=line.minute))
    _note_sent(incident, story, began)
    return incident


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
    else:
        incident.assign(Role(line.verb), by, by=by, at=at)


def _note_sent(incident: Incident, story: Story, began: datetime) -> None:
    """Those who must know were told in time, but for the update that is due next."""
    Clock.objects.filter(incident=incident, kind="notice").update(
        met_at=began + timedelta(minutes=7), stopped_at=None
    )
