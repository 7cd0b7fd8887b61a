"""Who followed the runbooks of the demo besides deploying, and how it went."""

from datetime import datetime, timedelta

from portal.core.ops.demo import World
from runbooks.models import Run, Runbook

TEST = (  # minutes after the start, and what was noted
    (2, ""),
    (3, "Took the one of 31 October, four weeks old."),
    (4, "It did not fail."),
    (48, "Restored in 44 minutes."),
    (71, "No errors."),
    (80, "All checks passed. The newest order is of 00:59 UTC."),
    (84, ""),
    (86, "44 minutes to restore, 86 for all of it."),
)
LATE = (
    (2, "8,200 unacknowledged, 3 consumers."),
    (3, "All three readers hung in the same second."),
    (5, ""),
    (9, "Backlog falls."),
    (41, "Empty."),
)
ASKED = ((4, ""), (6, "None."), (9, "14 rows, 2 of them invoices."), (11, ""))
STUCK = ((4, "The newest file was taken at 13:05."), (7, "Two newer ones are there."), (9, "None."))


def make_runs(world: World) -> None:
    """Two that ended well, one that waits for a second person, one that was handed over."""
    people, at = world.people, world.now
    test = _start(world, "monthly-restore-test", "ingrid", at - timedelta(days=27, hours=4))
    _follow(test, people["ingrid"], TEST, second=people["olga"])
    drain = _start(world, "drain-the-message-queue", "kenji", at - timedelta(days=9, hours=6))
    _follow(drain, people["kenji"], LATE)
    erase = _start(world, "erase-a-customer-gdpr", "leila", at - timedelta(hours=2))
    _follow(erase, people["leila"], ASKED)
    stock = _start(world, "the-stock-sync-is-stuck", "mateo", at - timedelta(minutes=50))
    _follow(stock, people["mateo"], STUCK)
    note = "The warehouse calls back at the full hour. Step 4 is theirs, step 5 is not needed."
    stock.hand_over(to=people["rita"], by=people["mateo"], note=note, at=at - timedelta(minutes=38))


VALUES = {
    "monthly-restore-test": {"label": "20261031-010004F"},
    "erase-a-customer-gdpr": {"customer": "C4410927", "ticket": "PRIV-318"},
}


def _start(world: World, slug: str, who: str, at: datetime) -> Run:
    runbook = Runbook.objects.get(slug=slug)
    service = runbook.services.first()
    values = {"parameters": VALUES.get(slug, {}), "environment": "production"}
    return Run.objects.start(runbook, by=world.people[who], at=at, service=service, **values)


def _follow(run: Run, by, steps, *, second=None) -> None:
    """Complete the steps; with all of them done, and confirmed, the run is finished."""
    for number, (minutes, note) in enumerate(steps, 1):
        at = run.started_at + timedelta(minutes=minutes)
        run.complete_step(number, by=by, note=note, checked=True, at=at)
        if second and run.steps.get(number=number).asks_second:
            run.confirm_step(number, by=second, at=at)
    if len(steps) == run.steps.count():
        run.finish(by=by, at=at)
