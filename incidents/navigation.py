"""The lines of incidents in the rail."""

from portal.core.web.navigation import Entry, Group, Link, permitted

ENTRIES = (
    Entry(
        Group.RESPOND,
        40,
        "Status",
        "mega",
        "status:page",
        also=(
            "status:new-component",
            "status:edit-component",
            "incidents:communication-templates",
            "incidents:communication-template",
            "incidents:new-communication-template",
            "incidents:audiences",
        ),
        permission="incidents.view_incident",
    ),
)
VERBS = (Link("Add component", "plus", "status:new-component", "incidents.add_component"),)
PAGES = (
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
