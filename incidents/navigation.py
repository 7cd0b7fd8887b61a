"""The lines of this app in the rail."""

from portal.core.web.navigation import Entry, Group, Link, permitted

ENTRIES = (
    Entry(
        Group.RESPOND,
        20,
        "On-call",
        "phone",
        "oncall:today",
        rest_of="oncall",
        permission="incidents.view_rotation",
    ),
)
VERBS = (Link("New rotation", "plus", "oncall:new-rotation", "incidents.add_rotation"),)
PAGES: tuple[Link, ...] = ()


def entries(user) -> list[Entry]:
    return permitted(ENTRIES, user)
