"""The kinds of messages that channels may choose, as each app lists them in its `notices.KINDS`."""

from portal.core.web.offers import offered
from portal.notifications.models import Kind


def kinds_for_teams() -> dict[str, Kind]:
    """By their names."""
    kinds = (kind for app in offered("notices") for kind in app.KINDS)
    return {kind.name: kind for kind in kinds if kind.for_teams}


def labels_of(names: list[str]) -> list[str]:
    """What people read; of a kind that no app has any more, its name."""
    known = kinds_for_teams()
    return [label_of(known[name]) if name in known else name for name in names]


def label_of(kind: Kind) -> str:
    return kind.team_label or kind.label
