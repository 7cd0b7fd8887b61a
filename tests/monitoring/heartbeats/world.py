"""Heartbeats as pages and programs meet them: one that works, one of a fleet that is down."""

from datetime import timedelta

from django.utils import timezone

from portal.accounts.models import Team
from portal.architecture.models import Service
from portal.monitoring.models import Call, Heartbeat, PingKey

HOUR = timedelta(hours=1)


def report(heartbeat: Heartbeat, at, instance: str = "", **call) -> None:
    row, _ = heartbeat.instances.get_or_create(name=instance)
    heartbeat.instances.select_related("heartbeat").get(pk=row.pk).take(Call(**call), at=at)


def make_heartbeats(*, by=None) -> list[Heartbeat]:
    now = timezone.now()
    about = {"service": Service.objects.first(), "owner": Team.objects.first()}
    backup = Heartbeat.objects.make(
        "Nightly backup", cron="0 3 * * *", zone="Europe/Riga", shortest=HOUR, by=by, **about
    )
    report(backup, now - HOUR, signal="start")
    report(backup, now - HOUR / 2, body=b"<b>dumped</b> 3 tables\n", agent="curl/8")
    fleet = Heartbeat.objects.make("Log shipper", every=HOUR, by=by)
    report(fleet, now, "web-1")
    report(fleet, now, "web-2", signal="fail", exit_status=3)
    PingKey.objects.issue("web servers", owner=None, by=by)
    return [backup, fleet]
