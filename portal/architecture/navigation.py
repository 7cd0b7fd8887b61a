"""The line of the catalog in the rail."""

from portal.core.web.navigation import Entry, Group, permitted

ENTRIES = (
    Entry(Group.KNOW, 30, "Services", "services", "architecture:services", rest_of="architecture"),
)


def entries(user) -> list[Entry]:
    return permitted(ENTRIES, user)
