"""Pages of the search and of the house itself, for the command palette."""

from portal.core.web.navigation import Entry, Link

PAGES = (
    Link("Home", "home", "home"),
    Link("Your favourites", "star", "favourites"),
    Link("API documentation", "file", "api-docs"),
)


def entries(user) -> list[Entry]:
    return []
