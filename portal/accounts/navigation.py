"""What everybody may do and open, for the palette: their account, and pages of the house."""

from portal.core.web.navigation import Entry, Link

VERBS = (
    Link("New API token", "key", "token-new"),
    Link("Change password", "lock", "account_change_password"),
)
PAGES = (
    Link("Home", "home", "home"),
    Link("Your profile", "user", "profile"),
    Link("Your favourites", "star", "favourites"),
    Link("API documentation", "file", "api-docs"),
)


def entries(user) -> list[Entry]:
    return []
