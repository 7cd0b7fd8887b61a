"""The lines of this app in the rail, and the lines that stand on every page."""

from collections.abc import Collection

from portal.core.web.navigation import Alarm, Entry, Group, Handled, Link, permitted

from .models.incident_queries import READ
from .room import alarms as room_alarms
from .room import handled as room_handled

ENTRIES = (
    Entry(
        Group.RESPOND,
        10,
        "Incidents",
        "fire",
        "incidents:incidents",
        rest_of="incidents",
        permission=READ,
        count=room_alarms.count,
    ),
    Entry(
        Group.RESPOND,
        20,
        "On-call",
        "phone",
        "oncall:today",
        also=(
            *("incidents:policies", "incidents:policy", "incidents:new-policy"),
            *("incidents:edit-policy", "incidents:dry-run"),
        ),
        rest_of="oncall",
        permission="incidents.view_rotation",
    ),
    Entry(
        Group.RESPOND,
        40,
        "Status",
        "mega",
        "status:page",
        rest_of="status",
        permission="incidents.view_incident",
    ),
)

DECLARE = Link("Declare incident", "fire", "incidents:declare", "incidents.add_incident")
VERBS = (
    DECLARE,
    Link("New rotation", "plus", "oncall:new-rotation", "incidents.add_rotation"),
    Link("New escalation policy", "plus", "incidents:new-policy", "incidents.add_escalationpolicy"),
    Link("Add component", "plus", "status:new-component", "incidents.add_component"),
)
URGENT = (DECLARE,)
LINKS_FOR = dict.fromkeys(("alert", "run", "service"), (DECLARE,))
PAGES = (
    Link("Severities", "info", "incidents:severities", "incidents.view_severity"),
    Link("Working calendar", "calendar", "incidents:calendar", "incidents.change_workingcalendar"),
    Link("Escalation policies", "phone", "incidents:policies", "incidents.view_escalationpolicy"),
    Link("Incident rules", "list", "incidents:rules", "incidents.view_incidentrule"),
    Link(
        "Communication templates",
        "mega",
        "incidents:communication-templates",
        "incidents.view_communicationtemplate",
    ),
    Link("Audiences", "users", "incidents:audiences", "incidents.view_audience"),
)


def entries(user) -> list[Entry]:
    return permitted(ENTRIES, user)


def alarms(user) -> list[Alarm]:
    """The open SEV1 and SEV2 that are no drill, the worst first."""
    return room_alarms.alarms(user)


def handled(kind: str, keys: Collection[int], user) -> dict[int, Handled]:
    """The incident of each of these alerts or runs that belongs to one."""
    return room_handled.handled(kind, keys, user)
