"""Runbooks of an online shop, what happened to them, and the library that ships."""

from datetime import timedelta
from pathlib import Path

from portal.accounts.models import Team
from portal.core.ops.demo import World
from portal.search import index
from runbooks.files.importer import Import
from runbooks.models import Gap, Runbook, Section

from .deployments import make_deployments
from .past_runs import make_past_runs
from .runs import make_runs
from .stories import Story

DOING = "runbooks and runs"
LIBRARY = Path(__file__).parent / "library"
GAPS = {"CheckoutLatencyHigh": 7, "WarehouseFeedLate": 3, "NodeClockSkew": 1}
AGE, AGE_OF_SHOP = timedelta(days=30), timedelta(days=100)


def load(world: World) -> None:
    """The shop once: what visitors changed stays. What was read before stays, too."""
    with index.together():
        if world.is_new:
            load_shop(world)
        if world.library:
            load_library(world)


def load_shop(world: World) -> None:
    """The runbooks of the shop, and what became of them."""
    work = Import(LIBRARY, at=world.now - AGE_OF_SHOP, by=world.people["alice"])
    world.note(work.run())
    world.report(f"{len(work.documents)} runbooks of the shop")
    Story(world.people, world.teams, world.services, world.now).tell()
    make_past_runs(world)
    make_deployments(world.people, world.services, now=world.now)
    make_runs(world)
    note_gaps(world.now)
    world.report("drafts, reviews, feedback and runs")


def load_library(world: World) -> None:
    """The documents about the portal itself: the platform team looks after them."""
    work = Import(world.library, at=world.now - AGE, section=Section.RUNBOOKS)
    world.note(work.run())
    platform = Team.objects.get(slug="platform")
    for runbook in Runbook.objects.unowned().filter(services__slug="ops-portal"):
        runbook.describe(owner=platform)
    world.report(f"{len(work.documents)} documents about the portal itself")


def note_gaps(now) -> None:
    for name, count in GAPS.items():
        for number in range(count):
            Gap.objects.note(name, at=now - timedelta(hours=9 * (count - number)))
