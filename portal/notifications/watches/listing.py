"""Everything that somebody watches, app by app: each lists its own in `notices.watched`."""

from collections.abc import Iterator
from typing import NamedTuple

from portal.core.web.offers import offered


class Watched(NamedTuple):
    """One thing that somebody watches; `type` is the name of its model."""

    type: str
    slug: str
    title: str
    address: str

    @classmethod
    def of(cls, thing) -> "Watched":
        return cls(thing._meta.model_name, thing.slug, str(thing), thing.get_absolute_url())


def watched(user, *, token=None) -> Iterator[Watched]:
    """What this person watches and may read, within the scopes of their token."""
    for app in offered("notices"):
        area = (app.__package__ or "").rpartition(".")[2]
        if hasattr(app, "watched") and (not token or token.allows(area, write=False)):
            for thing in app.watched(user):
                yield Watched.of(thing)
