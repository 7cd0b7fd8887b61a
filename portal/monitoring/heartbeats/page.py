"""What the page of one heartbeat shows."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.paginator import Paginator
from django.db.models import F, Q
from django.urls import reverse
from django.utils.functional import cached_property

from portal.core.web.address import absolute
from portal.monitoring.alerts.status import status_of
from portal.monitoring.models import Alert, Heartbeat, Instance, Ping, PingKey

from .announcements import firing_of
from .calls import Way, ways
from .status import signal_of, state_of, verdict_of

PINGS, FLIPS = 15, 10
WORST_FIRST = ("down", "up", "new")


@dataclass
class HeartbeatPage:
    """One heartbeat as somebody sees it at a time."""

    heartbeat: Any  # of `standing`
    user: Any
    at: datetime
    number: str | None = None
    sees_secrets: bool = field(init=False)

    def __post_init__(self):
        self.sees_secrets = self.user.has_perm("monitoring.change_heartbeat")

    @property
    def status(self):
        return state_of(self.heartbeat.state)

    @cached_property
    def instances(self) -> list[tuple[Instance, Any]]:
        """Those of a fleet, the worst first; of the only one there is nothing more to say."""
        rows = list(self.heartbeat.instances.all())
        rows.sort(key=lambda row: (WORST_FIRST.index(row.state), row.name))
        return [(row, state_of(self._state(row))) for row in rows]

    def _state(self, row: Instance) -> str:
        if row.state == "up" and row.expected_at and row.expected_at <= self.at:
            return "grace"
        return "started" if row.started_at and row.state != "down" else row.state

    @property
    def is_fleet(self) -> bool:
        return any(row.name for row, _ in self.instances)

    @cached_property
    def pings(self):
        rows = Ping.objects.filter(instance__heartbeat=self.heartbeat).newest()
        return Paginator(rows.select_related("instance"), PINGS).get_page(self.number)

    @property
    def lines(self) -> list[tuple]:
        return [(row, signal_of(row.signal), verdict_of(row.verdict)) for row in self.pings]

    @property
    def went_down(self):
        """The flip by which the only one went down that is down now."""
        if self.heartbeat.state != "down" or self.is_fleet:
            return None
        return self.heartbeat.flips.filter(after="down", instance__isnull=False).first()

    @cached_property
    def alerts(self) -> list[tuple[Any, Any]]:
        """What fires because of it, for those who may look at alerts."""
        rows = firing_of(self.heartbeat) & Alert.objects.visible(self.user)
        return [(row, status_of(row)) for row in rows.select_related("acknowledged_by")]

    @cached_property
    def flips(self) -> list[tuple]:
        rows = self.heartbeat.flips.select_related("instance", "by")[:FLIPS]
        return [(row, state_of(row.after)) for row in rows]

    @property
    def address(self) -> str:
        return absolute(reverse("ping", args=[self.heartbeat.uuid]))

    @property
    def ways(self) -> list[Way]:
        return ways(self.address, self.heartbeat.cron)

    @property
    def key_address(self) -> str:
        """That by slug, of a key that opens it and that one may read; empty without, or if it is
        not the only."""
        heartbeat = self.heartbeat
        opening = (
            Q(owner=None) | Q(owner=heartbeat.owner_id) if heartbeat.owner_id else Q(owner=None)
        )
        own_first = F("owner").desc(nulls_last=True)
        keys = PingKey.objects.shown_to(self.user).filter(opening)
        key = keys.order_by(own_first, "pk").first()
        if key is None or Heartbeat.objects.opened(key.key, heartbeat.slug).count() > 1:
            return ""
        return absolute(reverse("ping-slug", args=[key.key, heartbeat.slug]))

    @property
    def badge(self) -> str:
        return absolute(reverse("badge", args=[self.heartbeat.badge_key]))
