"""Finding heartbeats, and how each stands: the worst of its instances counts."""

from datetime import datetime, timedelta

from django.db import models
from django.db.models import Case, Count, Exists, Max, Min, OuterRef, Q, Value, When

from portal.search.models.indexed import IndexedQuerySet

from .heartbeat_choices import HeartbeatState
from .ping_keys import PingKey

PAUSED_TOO_LONG = timedelta(days=7)
STATES = HeartbeatState
WORST_FIRST = {
    STATES.DOWN: 0,
    STATES.GRACE: 1,
    STATES.STARTED: 2,
    STATES.NEW: 3,
    STATES.PAUSED: 4,
    STATES.UP: 5,
}


class HeartbeatQuerySet(IndexedQuerySet):
    def visible(self, user):
        return self if user.has_perm("monitoring.view_heartbeat") else self.none()

    def opened(self, key: str, slug: str):
        """Those of a slug that a ping key opens: of its team, or all."""
        keys = PingKey.objects.filter(Q(owner=None) | Q(owner=OuterRef("owner")), key=key)
        return self.filter(Exists(keys), slug=slug)

    def standing(self, at: datetime):
        """With `state`, how it stands now, and what its instances say of it."""
        down, up = Q(instances__state=STATES.DOWN), Q(instances__state=STATES.UP)
        started = Q(instances__started_at__isnull=False) & ~down
        late = up & Q(instances__expected_at__lte=at)
        counted = self.annotate(
            hosts=Count("instances"),
            hosts_down=Count("instances", filter=down),
            hosts_late=Count("instances", filter=late),
            hosts_started=Count("instances", filter=started),
            hosts_up=Count("instances", filter=up),
            seen_at=Max("instances__last_ping_at"),
            next_at=Min("instances__expected_at", filter=up),
        )
        return counted.annotate(
            state=Case(
                When(paused_at__isnull=False, then=Value(STATES.PAUSED.value)),
                When(hosts_down__gt=0, then=Value(STATES.DOWN.value)),
                When(hosts_late__gt=0, then=Value(STATES.GRACE.value)),
                When(hosts_started__gt=0, then=Value(STATES.STARTED.value)),
                When(hosts_up__gt=0, then=Value(STATES.UP.value)),
                default=Value(STATES.NEW.value),
                output_field=models.CharField(),
            )
        )

    def worst_first(self):
        """Of `standing`."""
        ranks = [When(state=state.value, then=rank) for state, rank in WORST_FIRST.items()]
        rank = Case(*ranks, default=9, output_field=models.PositiveSmallIntegerField())
        return self.annotate(rank=rank).order_by("rank", "name", "pk")

    def pause_over(self, at: datetime):
        return self.filter(paused_at__isnull=False, paused_until__lte=at)

    def paused_too_long(self, at: datetime):
        """Without an end, for days, and nobody was told."""
        long_ago = at - PAUSED_TOO_LONG
        paused = self.filter(paused_at__lte=long_ago, paused_until=None)
        return paused.filter(pause_told_at=None)
