"""Swaps: one person asks another to take a shift, and perhaps gives one in return."""

from datetime import datetime

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q

from incidents.oncall.problems import NotTheirs, SwapDecided
from portal.core.data.audit import record
from portal.core.data.signs import refuse_signs

from .overrides import CHANGE, Override


class SwapState(models.TextChoices):
    PROPOSED = "proposed", "Proposed"
    AGREED = "agreed", "Agreed"
    DECLINED = "declined", "Declined"
    CANCELLED = "cancelled", "Cancelled"
    EXPIRED = "expired", "Expired"


class SwapQuerySet(models.QuerySet):
    def open(self, at: datetime):
        """Those that wait for an answer, and whose first time has not come."""
        return self.filter(state=SwapState.PROPOSED, starts_at__gt=at).filter(
            Q(back_starts_at=None) | Q(back_starts_at__gt=at)
        )

    def waiting_for(self, user, at: datetime):
        return self.open(at).filter(asked=user)

    def of(self, user):
        return self.filter(Q(asker=user) | Q(asked=user))

    def expire(self, at: datetime) -> int:
        """Note those of which the time came before an answer; returns how many."""
        due = Q(starts_at__lte=at) | Q(back_starts_at__lte=at)
        rows = self.filter(due, state=SwapState.PROPOSED)
        return rows.update(state=SwapState.EXPIRED, decided_at=at)


class Swap(models.Model):
    """A proposal: the asked person takes a shift, and the asker one of theirs, if named."""

    rotation = models.ForeignKey(
        "incidents.Rotation", on_delete=models.CASCADE, related_name="swaps"
    )
    asker = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="swaps_asked_for"
    )
    asked = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="swaps_asked_of"
    )
    starts_at = models.DateTimeField(help_text="Of the shift that is given away.")
    ends_at = models.DateTimeField()
    back_starts_at = models.DateTimeField(
        null=True, blank=True, help_text="Of the shift in return; null: none."
    )
    back_ends_at = models.DateTimeField(null=True, blank=True)
    message = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=10, choices=SwapState, default=SwapState.PROPOSED)
    made_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)

    objects = SwapQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-pk"]
        default_permissions = ("add",)
        constraints = [
            models.CheckConstraint(condition=Q(state__in=SwapState.values), name="swap_state"),
            models.CheckConstraint(condition=~Q(asker=F("asked")), name="swap_of_two_people"),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="swap_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=Q(back_starts_at=None, back_ends_at=None)
                | Q(
                    back_starts_at__isnull=False,
                    back_ends_at__isnull=False,
                    back_ends_at__gt=F("back_starts_at"),
                ),
                name="swap_return_ends_after_it_begins",
            ),
        ]
        indexes = [
            # open(), waiting_for(), expire()
            models.Index(
                fields=["starts_at"], condition=Q(state=SwapState.PROPOSED), name="swap_open"
            )
        ]

    def __str__(self):
        return f"{self.asker} to {self.asked} in {self.rotation}"

    def get_absolute_url(self):
        return f"{self.rotation.get_absolute_url()}#swaps"

    def clean(self):
        refuse_signs(self)

    def is_open(self, at: datetime) -> bool:
        times = filter(None, [self.starts_at, self.back_starts_at])
        return self.state == SwapState.PROPOSED and min(times) > at

    def shown_state(self, at: datetime) -> str:
        """Expired, also before the engine notes it."""
        is_late = self.state == SwapState.PROPOSED and not self.is_open(at)
        return SwapState.EXPIRED if is_late else SwapState(self.state)

    # Verbs

    @transaction.atomic
    def agree(self, *, by, at: datetime) -> list[Override]:
        """Make it so, by overrides. Raises NotTheirs, SwapDecided or ShiftsChanged."""
        if by != self.asked:
            raise NotTheirs(f"Only {self.asked} may agree to this swap.")
        self._decide(SwapState.AGREED, by, at)
        self.rotation.touch(at)  # its lock: what others agree to meanwhile is seen here
        self.rotation.require_shifts(self.asker, self.starts_at, self.ends_at)
        made = [self._override(self.asked, self.starts_at, self.ends_at, by, at)]
        if self.back_starts_at and self.back_ends_at:
            self.rotation.require_shifts(self.asked, self.back_starts_at, self.back_ends_at)
            made += [self._override(self.asker, self.back_starts_at, self.back_ends_at, by, at)]
        return made

    def _override(self, person, starts_at, ends_at, by, at) -> Override:
        times = {"starts_at": starts_at, "ends_at": ends_at, "made_at": at}
        about = {"made_by": by, "swap": self, "reason": "Swap"}
        return Override.objects.create(rotation=self.rotation, person=person, **times, **about)

    def decline(self, *, by, at: datetime) -> None:
        """Raises NotTheirs or SwapDecided."""
        if by != self.asked:
            raise NotTheirs(f"Only {self.asked} may decline this swap.")
        self._decide(SwapState.DECLINED, by, at)

    def cancel(self, *, by, at: datetime) -> None:
        """Raises NotTheirs or SwapDecided."""
        if by != self.asker and not by.has_perm(CHANGE):
            raise NotTheirs(f"{self.asker}, or who may change rotations, cancels this swap.")
        self._decide(SwapState.CANCELLED, by, at)

    @transaction.atomic
    def _decide(self, state: SwapState, by, at: datetime) -> None:
        """Compare-and-set: of two answers at once the first counts."""
        if not Swap.objects.open(at).filter(pk=self.pk).update(state=state, decided_at=at):
            self.refresh_from_db(fields=["state"])
            word = SwapState(self.shown_state(at)).label.lower()
            raise SwapDecided(f"It is {word} already: ask for a new swap.")
        self.refresh_from_db(fields=["state", "decided_at"])
        record(self, state.value, by=by)
