"""How a person is told in a row: by the user name, and by the name that colleagues know."""

NAMES = ("name", "first_name", "last_name", "username")


def names_of(relation: str) -> tuple[str, ...]:
    """The columns of `shown_name`, over this relation to a user."""
    return tuple(f"{relation}__{name}" for name in NAMES)


def shown_name(name: str | None, first: str, last: str, username: str) -> str | None:
    """The same as `User.display_name`; None for nobody."""
    return name or f"{first or ''} {last or ''}".strip() or username
