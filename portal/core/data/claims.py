"""Rows that any number of workers take one by one, so that each is done by one at a time.

A claim is a compare-and-set on the fencing number, good for one lease. Who dies or stands still
loses the row when the lease ends: somebody else takes it, and the record of the first is refused.
Every `at` here is of `clock.now()`: two machines never agree about theirs.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from portal.core.data import crash_points
from portal.core.problems import Overtaken

CANDIDATES = 16  # read at once: of several workers that want the same one, the others go on
FIRST_PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(hours=1)


def pause_after(attempts: int) -> timedelta:
    """30 s after the first attempt, then twice as long each time, at most an hour."""
    return min(FIRST_PAUSE * 2 ** min(attempts - 1, 20), LONGEST_PAUSE)


class ClaimableQuerySet(models.QuerySet):
    model: "type[Claimable]"  # type: ignore[assignment]

    def waiting(self, at: datetime) -> Self:
        """In nobody's hands, and due."""
        return self.filter(due_at__lte=at, **self.model.WAITS)

    def abandoned(self, at: datetime) -> Self:
        """Claimed by a worker whose lease has run out: it was killed or stands still."""
        return self.filter(lease_until__lte=at, **self.model.HELD)

    def due(self, at: datetime) -> Self:
        """What a worker may claim."""
        return self.waiting(at) | self.abandoned(at)

    def free(self, at: datetime) -> Self:
        """In nobody's hands, due or not."""
        held_once = Q(lease_until__lte=at, **self.model.HELD)
        return self.filter(Q(**self.model.WAITS) | held_once)

    def claim(self, at: datetime) -> Any:
        """The next one that is due, taken for a lease; None if there is none. Any number may ask.

        What was abandoned comes first. Of a query with `select_related`, the row has it.
        """
        while found := self._candidates(at):
            for pk, fence in found:
                if row := self._take(pk, fence, at):
                    crash_points.reach("claimed")
                    return row
        return None

    def take_away(self, **outcome: Any) -> int:
        """Change these rows whoever has them: from now on their records are refused."""
        return self.update(**{**outcome, "lease_until": None, "fence": F("fence") + 1})

    def far_ahead(self, at: datetime) -> Self:
        """Due, or held, for longer than anybody can have meant: a clock had jumped."""
        limit = at + self.model.FARTHEST
        held = Q(lease_until__gt=limit, **self.model.HELD)
        return self.filter(Q(due_at__gt=limit, **self.model.WAITS) | held)

    def bring_back(self, at: datetime, **outcome: Any) -> int:
        """Make what lies far ahead due now; returns how many there were."""
        return self.far_ahead(at).take_away(**{**self.model.WAITS, **outcome, "due_at": at})

    def _candidates(self, at: datetime) -> list[tuple[int, int]]:
        for rows in (self.abandoned(at), *self._queues(at)):
            first = rows.order_by("due_at", "pk").values_list("pk", "fence")[:CANDIDATES]
            if found := list(first):
                return found
        return []

    def _queues(self, at: datetime) -> Iterable[Self]:
        """What waits and may be claimed now, in queues of which the first comes first."""
        return [self.waiting(at)]

    def _take(self, pk: int, fence: int, at: datetime) -> Any:
        mine = {"fence": fence + 1, **self.model.HELD}
        taken = (
            self.due(at)
            .filter(pk=pk, fence=fence)
            .update(
                **mine,
                **self.model.CLAIMS,
                lease_until=at + self.model.LEASE,
                attempts=F("attempts") + 1,
            )
        )
        crash_points.reach("claim")
        return self.filter(pk=pk, **mine).first() if taken else None


class Claimable(models.Model):
    """Something that is due at a time, and that one worker at a time does.

    Of an app's own state, `WAITS` are the columns of a row that may be claimed and `HELD` those
    of one that is; without one, the lease alone tells. Index WAITS with `due_at`, and HELD.
    """

    LEASE: ClassVar[timedelta] = timedelta(minutes=1)  # longer than any unit may take
    FARTHEST: ClassVar[timedelta] = timedelta(days=2)  # nothing is put off for longer
    WAITS: ClassVar[dict[str, Any]] = {"lease_until": None}
    HELD: ClassVar[dict[str, Any]] = {}
    CLAIMS: ClassVar[dict[str, Any]] = {}  # what a claim writes beside it

    due_at = models.DateTimeField(default=timezone.now, help_text="The next attempt.")
    attempts = models.PositiveIntegerField(default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    fence = models.PositiveIntegerField(default=0, help_text="Grows with each claim.")

    class Meta:
        abstract = True

    def require_lease(self, at: datetime) -> None:
        """Before what cannot be undone: raises Overtaken unless the lease still runs."""
        if self.lease_until is None or at >= self.lease_until:
            raise Overtaken("The lease ran out before it was done.")

    def conclude(self, **outcome: Any) -> None:
        """Record how it went and let go of it, if this is still the newest claim.

        Raises Overtaken, and changes nothing, if another worker has claimed it meanwhile.
        """
        outcome["lease_until"] = None
        rows = type(self)._default_manager.filter(pk=self.pk, fence=self.fence, **self.HELD)
        if not rows.filter(lease_until__isnull=False).update(**outcome):
            raise Overtaken("Another engine has taken it over: its record counts.")
        for name, value in outcome.items():
            setattr(self, name, value)
