"""What the search puts on the first page: what a person keeps at hand."""

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse

from portal.core.web.attention import SHOWN, Card, Priority, Row

from .favourites.listing import favourites


def cards(user, at: datetime) -> Iterator[Card]:
    kept = favourites(user, most=SHOWN + 1)
    if kept:
        rows = [Row(each.address, each.title, each.kind.label) for each in kept[:SHOWN]]
        more = ("All favourites", reverse("favourites"))
        yield Card(
            "Your favourites",
            rows,
            Priority.LOOK,
            more=more,
            is_counted=len(kept) <= SHOWN,
            is_task=False,
        )
