"""Jobs of the online shop that report themselves: weeks of runs, one of them down now."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from portal.architecture.models import Service
from portal.core.data import schedules
from portal.core.ops.demo import World
from portal.monitoring.heartbeats.announcements import announce
from portal.monitoring.models import Call, Flip, Heartbeat, Instance, PingKey, Signal
from runbooks.models import Runbook

AGE = timedelta(days=60)
HOUR, MINUTE, SECOND = timedelta(hours=1), timedelta(minutes=1), timedelta(seconds=1)
AGENT, ADDRESS = "curl/7.88.1", "10.20.4.17"
MOST_RUNS = 45  # of each instance


class Job(NamedTuple):
    """What runs, when, how long each run takes, and what happens to it."""

    name: str
    service: str
    about: dict
    takes: timedelta | None = None  # None: it sends no start
    hosts: tuple[str, ...] = ("",)
    failed: tuple[int, ...] = ()  # runs ago
    stopped: int = 0  # the last so many runs never came
    says: str = ""
    runbook: str = ""


JOBS = (
    Job(
        "Backup of the orders database",
        "orders-database",
        {"cron": "30 2 * * *", "zone": "Europe/Berlin", "shortest": 4 * MINUTE, "grace": 2 * HOUR},
        takes=11 * MINUTE,
        failed=(17,),
        says="Archive orders-{day}: 48.2 GB, 61 files changed, pruned 1 archive.\n",
        runbook="restore-the-orders-database-to-a-point-in-time",
    ),
    Job(
        "Stock import from the warehouse",
        "stock-sync",
        {"every": HOUR, "grace": 20 * MINUTE},
        takes=3 * MINUTE,
        failed=(31,),
        stopped=3,
        says="14,210 articles read, 312 changed.\n",
        runbook="the-stock-sync-is-stuck",
    ),
    Job(
        "Rebuild of the search index",
        "product-search",
        {"cron": "0 4 * * *", "zone": "Europe/Berlin", "longest": 3 * HOUR, "grace": HOUR},
        takes=48 * MINUTE,
        says="Index products-{day} is live.\n",
        runbook="rebuild-the-search-index",
    ),
    Job(
        "Log shipper of the web servers",
        "storefront",
        {"every": 15 * MINUTE, "grace": 10 * MINUTE},
        hosts=("web-1", "web-2", "web-3", "web-4"),
    ),
    Job(
        "Refunds of the night",
        "refunds",
        {"cron": "15 1 * * 1-5", "zone": "Europe/Berlin", "grace": HOUR},
        takes=6 * MINUTE,
        says="23 refunds sent.\n",
    ),
)


def make_heartbeats(world: World) -> None:
    """What happened in the past was told in the past; what is down now is told."""
    by = world.people["alice"]
    for job in JOBS:
        heartbeat = _made(job, world, by)
        for number, host in enumerate(job.hosts):
            _report(heartbeat, job, host, world.now - number * 40 * SECOND)
    _others(world, by)
    Flip.objects.unannounced().update(announced_at=world.now)
    while Instance.objects.drop_one(world.now):
        pass
    while announce(world.now):
        pass
    PingKey.objects.issue("web servers", owner=None, by=world.people["olga"])
    world.report(f"{Heartbeat.objects.count()} heartbeats")


def _made(job: Job, world: World, by) -> Heartbeat:
    service = Service.objects.filter(slug=job.service).first()
    runbook = Runbook.objects.filter(slug=job.runbook).first()
    about = {"service": service, "runbook": runbook, **job.about}
    return Heartbeat.objects.make(job.name, by=by, at=world.now - AGE, **about)


def _report(heartbeat: Heartbeat, job: Job, host: str, now: datetime) -> None:
    row = heartbeat.instances.create(name=host)
    instance = Instance.objects.select_related("heartbeat").get(pk=row.pk)
    times = list(_times(heartbeat, now))
    times = times[len(times) - MOST_RUNS - job.stopped :]
    for ago, began in zip(range(len(times), 0, -1), times, strict=True):
        if ago > job.stopped:
            _run(instance, job, began, ago, now)


def _times(heartbeat: Heartbeat, now: datetime) -> Iterator[datetime]:
    """When it ran, up to now."""
    at = now - AGE
    if heartbeat.every:
        steps = int(AGE / heartbeat.every)
        yield from (now - (steps - n) * heartbeat.every - 2 * MINUTE for n in range(steps + 1))
        return
    while (at := schedules.next_run(heartbeat.cron, heartbeat.zone, at)) < now:
        yield at


def _run(instance: Instance, job: Job, began: datetime, ago: int, now: datetime) -> None:
    sent: dict[str, Any] = {"method": "POST", "address": ADDRESS, "agent": AGENT}
    began += (ago * 7 % 11) * SECOND
    if job.takes is None:
        instance.take(Call(**sent), at=began)
        return
    instance.take(Call(signal=Signal.START, **sent), at=began)
    ended = began + job.takes * (1 + (ago * 13 % 9 - 4) / 20)
    if ended > now:
        return  # it goes on
    if ago in job.failed:
        said = b"connection to server lost\n"
        call = Call(signal=Signal.FAIL, exit_status=2, body=said, **sent)
    else:
        call = Call(exit_status=0, body=job.says.format(day=f"{began:%Y-%m-%d}").encode(), **sent)
    instance.take(call, at=ended)


def _others(world: World, by) -> None:
    """One that never reported yet, and one that waits for a new bank connection."""
    new = "Renewal of the certificates"
    Heartbeat.objects.make(new, by=by, at=world.now - HOUR, cron="@weekly", zone="Europe/Berlin")
    paused = Heartbeat.objects.make(
        "Invoices of the month", by=by, at=world.now - AGE, cron="0 6 1 * *", zone="Europe/Berlin"
    )
    row = paused.instances.create()
    Instance.objects.select_related("heartbeat").get(pk=row.pk).take(
        Call(agent=AGENT), at=world.now - 20 * timedelta(days=1)
    )
    until = world.now + 12 * timedelta(days=1)
    paused.pause(by=by, at=world.now - 9 * timedelta(days=1), until=until)
