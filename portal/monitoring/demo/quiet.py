"""What is muted at the shop: a silence, a snooze, maintenance, a grouped alert."""

from datetime import timedelta

from portal.architecture.models import Service
from portal.core.ops.demo import World
from portal.monitoring.models import Alert
from portal.monitoring.muting import verbs

HOUR = timedelta(hours=1)


def load(world: World) -> None:
    """After the alerts: what fires is muted at once."""
    rita, now = world.people["rita"], world.now
    column = [
        {"name": "alertname", "operator": "=", "value": "SearchLatencyP95High"},
        {"name": "severity", "operator": "=~", "value": "warning|info"},
    ]
    until = now + timedelta(hours=4, minutes=19)
    reason = "Flaps since the new pool size; the fix is in review"
    verbs.silence(column, by=rita, at=now, ends_at=until, reason=reason)
    snoozed = Alert.objects.firing().get(name="WarehouseFeedLate")
    verbs.snooze(snoozed, by=rita, at=now, ends_at=now + 2 * HOUR, reason="They resend it at noon")
    _maintenance(world)


def _maintenance(world: World) -> None:
    by, now = world.people["olga"], world.now
    running = {
        "title": "Cache moves to larger nodes",
        "starts_at": now - HOUR,
        "duration": 3 * HOUR,
    }
    note = "Some people have to sign in again."
    services = Service.objects.filter(slug="session-cache")
    verbs.plan(services=services, by=by, at=now, note=note, **running)
    recurring = {"title": "Patches of the cluster", "cron": "0 3 * * 0", "zone": "Europe/Stockholm"}
    cluster = Service.objects.filter(slug="shop-cluster")
    verbs.plan(
        services=cluster,
        by=by,
        at=now,
        starts_at=now,
        duration=2 * HOUR,
        note="Nodes restart one after the other.",
        **recurring,
    )
