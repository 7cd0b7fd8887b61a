"""What everybody may do with their own account, for the command palette."""

from portal.core.web.navigation import Entry, Link

VERBS = (
    Link("New API token", "key", "token-new"),
    Link("Change password", "lock", "account_change_password"),
)
PAGES = (Link("Your profile", "user", "profile"),)


def entries(user) -> list[Entry]:
    return []
