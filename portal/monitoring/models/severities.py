"""The severities that tools use: how bad each is, and whether it may wake people."""

USUAL = 2
RANKS = {
    **dict.fromkeys(("critical", "page", "emergency", "high", "error", "fatal"), 3),
    **dict.fromkeys(("info", "information", "none", "low", "debug"), 1),
}
WAITS = {"warning", "warn", "minor", "moderate", "notice", "ticket"}
CALM = frozenset(WAITS) | {word for word, of in RANKS.items() if of == 1}  # may wait


def rank(severity: str) -> int:
    """How severe it is: 3, 2 or 1; what no tool says is in the middle."""
    return RANKS.get(severity.strip().lower(), USUAL)


def is_urgent(severity: str) -> bool:
    """Whether people are called at any hour: unless the tool says that it can wait."""
    return severity.strip().lower() not in CALM
