"""What a message says to one receiver only: it is added as it is sent, and stored nowhere."""

from datetime import datetime

from portal.accounts.models import User
from portal.core.web.offers import offered


def personal(text: str, recipient: User | None, created_at: datetime) -> str:
    """The text as this person gets it; for nobody here, such as a channel, as it is stored.

    An app offers `personal(text, recipient, created_at)` in its `notices.py`. It has to return the
    same at every attempt, and to ask the database nothing about texts of other apps.
    """
    if recipient is None:
        return text
    for app in offered("notices"):
        if hasattr(app, "personal"):
            text = app.personal(text, recipient, created_at)
    return text


def leaving(kind: str, text: str) -> str:
    """Where an address of nobody here unsubscribes from such messages; empty: nowhere.

    An app offers `leaving(kind, text)` in its `notices.py`.
    """
    ways = (app.leaving(kind, text) for app in offered("notices") if hasattr(app, "leaving"))
    return next(filter(None, ways), "")
