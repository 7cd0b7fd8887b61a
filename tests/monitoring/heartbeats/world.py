"""Heartbeats as pages and programs meet them: one that works, one of a fleet that is down."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

from portal.accounts.models import Team
from portal.architecture.models import Service
from portal.monitoring.models import Call, Flip, Heartbeat, Instance, Ping, PingKey

HOUR = timedelta(hours=1)


def report(heartbeat: Heartbeat, at, instance: str = "", **call) -> None:
    row, _ = heartbeat.instances.get_or_create(name=instance)
    heartbeat.instances.select_related("heartbeat").get(pk=row.pk).take(Call(**call), at=at)


def make_heartbeats(*, by=None) -> list[Heartbeat]:
    """The nightly one is due twelve hours from now, so that it is up whenever a test runs."""
    now = timezone.now()
    due = (now + 12 * HOUR).astimezone(ZoneInfo("Europe/Riga")).hour
    about = {"service": Service.objects.first(), "owner": Team.objects.first()}
    backup = Heartbeat.objects.make(
        "Nightly backup", cron=f"0 {due} * * *", zone="Europe/Riga", shortest=HOUR, by=by, **about
    )
    report(backup, now - HOUR, signal="start")
    report(backup, now - HOUR / 2, body=b"<b>dumped</b> 3 tables\n", agent="curl/8")
    fleet = Heartbeat.objects.make("Log shipper", every=HOUR, by=by)
    report(fleet, now, "web-1")
    report(fleet, now, "web-2", signal="fail", exit_status=3)
    PingKey.objects.issue("web servers", owner=None, by=by)
    return [backup, fleet]


def grow_heartbeats(count: int) -> None:
    """So many more, and so many more hosts, pings and flips of the first one."""
    first, now = Heartbeat.objects.order_by("pk").first(), timezone.now()
    began = Heartbeat.objects.count()
    Heartbeat.objects.bulk_create(
        Heartbeat(name=f"Job {began + n}", slug=f"job-{began + n}", every=HOUR)
        for n in range(count)
    )
    hosts = Instance.objects.bulk_create(
        Instance(heartbeat=first, name=f"host-{began + n}", state="up", last_ping_at=now)
        for n in range(count)
    )
    Ping.objects.bulk_create(
        Ping(instance=host, n=1, signal="success", method="GET", at=now) for host in hosts
    )
    Flip.objects.bulk_create(
        Flip(
            heartbeat=first,
            instance=host,
            before="new",
            after="up",
            reason="success",
            at=now,
            announced_at=now,
        )
        for host in hosts
    )
    PingKey.objects.bulk_create(PingKey(name=f"key {began + n}") for n in range(count))
