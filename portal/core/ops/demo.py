"""The demo: a portal to look around in. Each app has its part of it in `demo`."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction

from portal.core.web.offers import offered
from portal.core.web.outcomes import REFUSED


def keep_quiet(line: str) -> None:
    """Report to nobody."""


@dataclass
class World:
    """What the parts have made so far: an app finds here what those below it made."""

    now: datetime
    password: str
    library: Path | None  # the documents that ship
    tell: Callable[[str], None] = keep_quiet  # takes a line about how far it is
    is_new: bool = True  # or else all but the library stays as visitors left it
    people: dict[str, Any] = field(default_factory=dict)
    teams: dict[str, Any] = field(default_factory=dict)
    services: dict[str, Any] = field(default_factory=dict)
    said: list[str] = field(default_factory=list)  # how one signs in
    refused: list[str] = field(default_factory=list)

    def note(self, outcomes: Iterable) -> None:
        """Remember what an import refused."""
        self.refused += [str(each) for each in outcomes if each.state == REFUSED]

    def report(self, made: str) -> None:
        """Tell what a part has made."""
        self.tell(f"      {made}")


@transaction.atomic
def load(world: World) -> World:
    """Let every app make its part: `load(world)` of its module `demo`, in the order of the apps.

    Its `DOING` names what it makes, for those who wait.
    """
    parts = offered("demo")
    for number, part in enumerate(parts, 1):
        world.tell(f"  {number}/{len(parts)} {part.DOING}")
        part.load(world)
    return world
