"""The line of notifications in the rail."""

from portal.core.web.navigation import Entry, Group, permitted

ENTRIES = (
    Entry(
        Group.ADMINISTRATION,
        10,
        "Notifications",
        "bell",
        "notifications:deliveries",
        rest_of="notifications",
    ),
)


def entries(user) -> list[Entry]:
    return permitted(ENTRIES, user)
