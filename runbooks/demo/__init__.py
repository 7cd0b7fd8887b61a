"""Runbooks in every state, runs of them, alerts without one, and the library that ships."""

from datetime import timedelta

from portal.accounts.models import Team
from portal.core.ops.demo import World
from runbooks.files.importer import Import
from runbooks.models import Gap, Runbook, Section

from .runs import make_runs
from .stories import Story

GAPS = {"CheckoutLatencyHigh": 7, "SearchIndexOutdated": 3, "NodeClockSkew": 1}
AGE = timedelta(days=30)  # of the library


def load(world: World) -> None:
    """The stories once: what visitors changed stays. What was read before stays, too."""
    if world.is_new:
        Story(world.people, world.teams, world.services, world.now).tell()
        make_runs(world.people, world.services, now=world.now)
        note_gaps(world.now)
    if world.library:
        work = Import(world.library, at=world.now - AGE, section=Section.RUNBOOKS)
        world.note(work.run())
        own_library()


def note_gaps(now) -> None:
    for name, count in GAPS.items():
        for number in range(count):
            Gap.objects.note(name, at=now - timedelta(hours=9 * (count - number)))


def own_library() -> None:
    """The platform team looks after all that is about the portal itself."""
    platform = Team.objects.get(slug="platform")
    for runbook in Runbook.objects.unowned().filter(services__slug="ops-portal"):
        runbook.describe(owner=platform)
