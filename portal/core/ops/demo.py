"""The demo: a portal to look around in. Each app has its part of it in `demo`."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction

from portal.core.web.offers import offered
from portal.core.web.outcomes import REFUSED


@dataclass
class World:
    """What the parts have made so far: an app finds here what those below it made."""

    now: datetime
    password: str
    library: Path | None  # the documents that ship
    is_new: bool = True  # or else all but the library stays as visitors left it
    people: dict[str, Any] = field(default_factory=dict)
    teams: dict[str, Any] = field(default_factory=dict)
    services: dict[str, Any] = field(default_factory=dict)
    said: list[str] = field(default_factory=list)  # how one signs in
    refused: list[str] = field(default_factory=list)

    def note(self, outcomes: Iterable) -> None:
        """Remember what an import refused."""
        self.refused += [str(each) for each in outcomes if each.state == REFUSED]


@transaction.atomic
def load(world: World) -> World:
    """Let every app make its part: `load(world)` of its module `demo`, in the order of the apps."""
    for part in offered("demo"):
        part.load(world)
    return world
