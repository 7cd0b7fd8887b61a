"""Rows that any number of workers take one by one, so that each is done by one at a time.

A claim is a compare-and-set on the fencing number, good for one lease. Who dies or stands still
loses the row when the lease ends: somebody else takes it, and the record of the first is refused.
Every `at` here is of `clock.now()`: two machines never agree about theirs.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import cache
from typing import Any, ClassVar, Self

from django.db import IntegrityError, models, transaction
from django.db.models import F, Q, Value
from django.utils import timezone

from portal.core.data import crash_points
from portal.core.data.queries import Columns, Prepared, PreparedUpdate
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

    def among(self, *which: Any) -> Self:
        """Those that `claim` is asked for."""
        return self

    def queues(self, at: datetime, soon: datetime) -> Iterable[Self]:
        """What waits and may be claimed now, in QUEUES of which the first comes first.

        `soon`: when the longest pause ends that begins now.
        """
        return [self.waiting(at)]

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
    QUEUES: ClassVar[int] = 1
    WITH: ClassVar[tuple[str, ...]] = ()  # foreign keys that a claimed row is read with

    due_at = models.DateTimeField(default=timezone.now, help_text="The next attempt.")
    attempts = models.PositiveIntegerField(default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    fence = models.PositiveIntegerField(default=0, help_text="Grows with each claim.")

    class Meta:
        abstract = True

    @classmethod
    def claim(cls, at: datetime, *which: Any) -> Any:
        """The next one that is due, taken for a lease; None if there is none. Any number may ask.

        What was abandoned comes first. `which`: of those that `among` finds by it.
        """
        claims = _claims(cls)
        while found := claims.candidates(at, which):
            for pk, fence in found:
                if claims.take(pk, fence, at):
                    crash_points.reach("claimed")
                    if row := claims.read(pk, fence + 1):
                        return row
        return None

    def require_lease(self, at: datetime) -> None:
        """Before what cannot be undone: raises Overtaken unless the lease still runs."""
        if self.lease_until is None or at >= self.lease_until:
            raise Overtaken("The lease ran out before it was done.")

    def conclude(self, **outcome: Any) -> None:
        """Record how it went and let go of it, if this is still the newest claim.

        Raises Overtaken, and changes nothing, if another worker has claimed it meanwhile.
        """
        outcome["lease_until"] = None
        mine = {"pk": self.pk, "fence": self.fence, "lease_until__isnull": False, **self.HELD}
        if not type(self)._default_manager.filter(**mine).update(**outcome):
            raise Overtaken("Another engine has taken it over: its record counts.")
        for name, value in outcome.items():
            setattr(self, name, value)


class Claims:
    """What `claim` asks about one model, put together once: engines ask it for every unit."""

    def __init__(self, model: type[Claimable]):
        self.model = model
        self.rows: Any = model._default_manager
        self.parts = [
            Columns(model),
            *(Columns(_related(model, name), name) for name in model.WITH),
        ]
        self._first = Prepared(self._queued)
        self._taken, self._claimed = PreparedUpdate(self._of_one), Prepared(self._with_related)

    def candidates(self, at: datetime, which: tuple) -> list[tuple[int, int]]:
        """Key and fence of the first, at most CANDIDATES, of the first queue that has any."""
        times = {"at": at, "soon": at + LONGEST_PAUSE}
        for number in range(self.model.QUEUES + 1):
            if found := self._first(number, which, **times):
                return found
        return []

    def take(self, pk: int, fence: int, at: datetime) -> bool:
        """False if another worker was faster, or a constraint refuses it."""
        try:
            with transaction.atomic():
                taken = self._taken(pk=pk, fence=fence, at=at, until=at + self.model.LEASE)
                crash_points.reach("claim")
        except IntegrityError:
            return False
        return bool(taken)

    def read(self, pk: int, fence: int) -> Any:
        """The row that was claimed; None if it was taken away since."""
        for values in self._claimed(pk=pk, fence=fence):
            row, *related = Columns.split(self.parts, values)
            for name, other in zip(self.model.WITH, related, strict=True):
                setattr(row, name, other)
            return row
        return None

    # Each with parameters that stand for values; a fence beyond its column would find nothing.

    def _queued(self, number: int, which: tuple, *, at: datetime, soon: datetime) -> Any:
        rows = self.rows.among(*which)
        queue = [rows.abandoned(at), *rows.queues(at, soon)][number]
        return queue.order_by("due_at", "pk").values_list("pk", "fence")[:CANDIDATES]

    def _of_one(self, *, pk: int, fence: int, at: datetime, until: datetime) -> tuple[Any, dict]:
        rows = self.rows.due(at).filter(pk=pk, fence=Value(fence))
        grows = {name: F(name) + 1 for name in ("fence", "attempts")}
        return rows, {**grows, **self.model.HELD, **self.model.CLAIMS, "lease_until": until}

    def _with_related(self, *, pk: int, fence: int) -> Any:
        rows = self.rows.filter(pk=pk, fence=Value(fence), **self.model.HELD)
        return rows.values_list(*Columns.paths_of(self.parts))


@cache
def _claims(model: type[Claimable]) -> Claims:
    return Claims(model)


def _related(model: type[Claimable], name: str) -> Any:
    return model._meta.get_field(name).related_model
