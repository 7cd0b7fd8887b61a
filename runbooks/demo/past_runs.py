"""Runs of the last three months: short ones, from which lists know that a runbook works."""

from datetime import timedelta
from typing import NamedTuple

from portal.core.ops.demo import World
from runbooks.models import Run, Runbook

DISK = "the-disk-of-a-database-host-fills-up"
PROVIDER = "the-payment-provider-does-not-answer"
NOT_IT = "Not the reason this time."


class Past(NamedTuple):
    """Who followed what, how many days ago, and how long each step took them."""

    slug: str
    who: str
    days: float
    minutes: float
    notes: dict[int, str] = {}
    skipped: tuple[int, ...] = ()
    values: dict[str, str] = {}


DNS = {"name": "img.example.org", "type": "CNAME"}
RELEASE = {"release": "v5.8.0", "environment": "production"}
PAST = (  # the oldest first
    Past("log-retention", "ingrid", 76, 9, {1: "Agreed: 30 days.", 6: "Deletes since 14:10."}),
    Past("renew-the-certificates", "tomasz", 58, 5, {1: "19 days."}, (3,)),
    Past("change-a-dns-record", "priya", 41, 12, {6: "After 40 minutes."}, values=DNS),
    Past(DISK, "kenji", 34, 6, {1: "Logs."}, (2, 3, 5, 6, 7), {"host": "orders-db-2"}),
    Past("deploy-the-storefront", "priya", 16, 5, {8: "Basket and checkout work."}, (), RELEASE),
    Past("purge-the-edge-cache", "priya", 12, 2, values={"pattern": "^/p/48213$"}),
    Past("hand-the-on-call-shift-over", "kenji", 7, 3, {2: "One, twice: the queue."}),
    Past("checkout-answers-with-errors", "kenji", 6.2, 3, {6: "502 of /payments."}, (5, 7, 8)),
    Past(PROVIDER, "kenji", 6.1, 9, {4: "Ticket LP-20931."}, (2,)),
    Past("switch-a-feature-off", "kenji", 6, 2, values={"feature": "card_payments"}),
)


def make_past_runs(world: World) -> None:
    """All of them succeeded."""
    runbooks = Runbook.objects.select_related("published").in_bulk(field_name="slug")
    for past in PAST:
        _follow(past, runbooks[past.slug], world)


def _follow(past: Past, runbook: Runbook, world: World) -> None:
    by, at = world.people[past.who], world.now - timedelta(days=past.days)
    about = {"environment": "production", "release": past.values.get("release", "")}
    about |= {"service": runbook.services.first(), "parameters": past.values}
    run = Run.objects.start(runbook, by=by, at=at, **about)
    for step in runbook.published.steps:
        at += timedelta(minutes=past.minutes)
        number = step["number"]
        if number in past.skipped:
            run.skip_step(number, by=by, reason=NOT_IT, at=at)
            continue
        run.complete_step(number, by=by, note=past.notes.get(number, ""), checked=True, at=at)
        if step["second_person"]:
            run.confirm_step(number, by=world.people["olga"], at=at)
    run.finish(by=by, at=at)
