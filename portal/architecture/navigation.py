"""The line of the catalog in the rail."""

from portal.core.web.navigation import Entry, Group, Link, permitted

ENTRIES = (
    Entry(Group.KNOW, 30, "Services", "services", "architecture:services", rest_of="architecture"),
)

VERBS = (Link("New service", "plus", "admin:architecture_service_add", "architecture.add_service"),)
PAGES = tuple(
    Link(label, "services", f"architecture:{view}", "architecture.view_service")
    for label, view in {
        "Diagrams": "diagrams",
        "Zones": "zones",
        "Integrations": "integrations",
        "Configuration items": "configuration",
        "Catalog problems": "findings",
    }.items()
)


def entries(user) -> list[Entry]:
    return permitted(ENTRIES, user)
