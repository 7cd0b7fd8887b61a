"""Finding alerts."""

from datetime import datetime, timedelta

from django.db import models, transaction
from django.db.models import Q

from portal.core.data.audit import record_all

from .choices import AlertState


class AlertQuerySet(models.QuerySet):
    def visible(self, user):
        return self if user.has_perm("monitoring.view_alert") else self.none()

    def firing(self):
        return self.filter(state=AlertState.FIRING)

    def resolved(self):
        return self.filter(state=AlertState.RESOLVED)

    def muted(self):
        """Firing, and nobody is called: silenced, in maintenance, or below another one."""
        return self.firing().exclude(muted_by="")

    def calling(self):
        """Firing, and not muted."""
        return self.firing().filter(muted_by="")

    def unattended(self):
        """Calling people, and nobody has acknowledged it."""
        return self.calling().filter(acknowledged_at=None)

    def acknowledged(self):
        return self.calling().filter(acknowledged_at__isnull=False)

    @transaction.atomic
    def acknowledge(self, *, by, at: datetime) -> int:
        """Say of those that wait for somebody that this person has them in hand; how many."""
        rows = list(self.unattended().select_for_update().order_by("pk"))
        free = self.unattended().filter(pk__in=[each.pk for each in rows])
        count = free.update(acknowledged_at=at, acknowledged_by=by)
        record_all(rows, "acknowledge", by=by)
        return int(count)

    def release(self) -> int:
        """Nobody has these in hand any more: what still fires waits for somebody again."""
        held = self.firing().filter(acknowledged_at__isnull=False)
        return held.update(acknowledged_at=None, acknowledged_by=None)

    def resolved_since(self, at: datetime):
        return self.resolved().filter(ends_at__gte=at)

    def since(self, at: datetime):
        """What began to fire then, or later."""
        return self.filter(starts_at__gte=at)

    def of_team(self, *slugs: str):
        """Those that these teams hear of, as `notices` chooses it."""
        own = Q(team__slug__in=slugs)
        owner = Q(team=None, service__owner__slug__in=slugs)
        default = Q(team=None, service__owner=None, intake__default_team__slug__in=slugs)
        return self.filter(own | owner | default)

    def episodes_of(self, alert):
        """All episodes of the same alert, the newest first; a tool may send one under two names."""
        same = self.filter(source=alert.source, fingerprint=alert.fingerprint)
        return same.order_by("-starts_at", "-pk")

    def touched(self, source: str, fingerprints: list[str], *, since: datetime):
        """The episodes that a report of this time or later can change.

        By key, as everything locks alerts: two that lock the same ones wait, and never for ever.
        """
        known = Q(state=AlertState.FIRING) | Q(newest_at__gte=since)
        return self.filter(known, source=source, fingerprint__in=fingerprints).order_by("pk")

    def outlived(self, at: datetime, kept_for: timedelta):
        """Resolved longer ago than alerts are kept."""
        return self.resolved().filter(ends_at__lt=at - kept_for)

    def forget(self, at: datetime, kept_for: timedelta, most: int) -> int:
        """Delete so many that have outlived it, with what came of them; returns how many."""
        keys = list(
            self.outlived(at, kept_for).order_by("ends_at").values_list("pk", flat=True)[:most]
        )
        self.filter(pk__in=keys).delete()
        return len(keys)
