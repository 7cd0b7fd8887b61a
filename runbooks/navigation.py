"""The lines of runbooks in the rail."""

from portal.core.web.navigation import Entry, Group, Link, permitted

ENTRIES = (
    Entry(Group.KNOW, 10, "Runbooks", "book", "runbooks:list", rest_of="runbooks"),
    Entry(Group.KNOW, 11, "Runs", "play", "runbooks:runs", also=("runbooks:run",)),
    Entry(
        Group.KNOW,
        12,
        "Deployments",
        "send",
        "runbooks:deployments",
        also=("runbooks:deployment-calendar",),
    ),
    Entry(
        Group.KNOW,
        13,
        "Alerts without a runbook",
        "none",
        "runbooks:gaps",
        permission="runbooks.view_gap",
    ),
)

VERBS = (Link("New runbook", "plus", "runbooks:new", "runbooks.add_runbook"),)
PAGES = (Link("Calendar of deployments", "calendar", "runbooks:deployment-calendar"),)


def entries(user) -> list[Entry]:
    return permitted(ENTRIES, user)
