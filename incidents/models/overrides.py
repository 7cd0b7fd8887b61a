"""Overrides: one person, or on purpose nobody, instead of whoever a rotation names."""

from datetime import datetime

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q

from incidents.oncall.problems import NotTheirs, OverrideOver
from portal.core.data.audit import record
from portal.core.data.signs import refuse_signs

CHANGE = "incidents.change_rotation"


class OverrideQuerySet(models.QuerySet):
    def kept(self):
        """Those that were not cancelled."""
        return self.filter(cancelled_at=None)

    def current(self, at: datetime):
        """In force, or to come."""
        return self.kept().filter(ends_at__gt=at)

    def past(self, at: datetime):
        return self.filter(Q(ends_at__lte=at) | Q(cancelled_at__isnull=False))


class Override(models.Model):
    """In its time this person is on call, whatever the layers say; the newest one wins."""

    rotation = models.ForeignKey(
        "incidents.Rotation", on_delete=models.CASCADE, related_name="overrides"
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="on_call_overrides",
        help_text="Empty: nobody, on purpose.",
    )
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    reason = models.CharField(max_length=200, blank=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    swap = models.ForeignKey(
        "incidents.Swap",
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="overrides",
    )
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancelled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = OverrideQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at", "pk"]
        default_permissions = ("add",)  # cancelled, never deleted; seen with the rotation
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="override_ends_after_it_begins"
            )
        ]
        indexes = [
            # plans(), current()
            models.Index(fields=["rotation", "ends_at"], name="override_of_rotation")
        ]

    def __str__(self):
        return f"{self.person or 'Nobody'} in {self.rotation}"

    def get_absolute_url(self):
        return f"{self.rotation.get_absolute_url()}#overrides"

    def clean(self):
        refuse_signs(self)

    def is_over(self, at: datetime) -> bool:
        return self.cancelled_at is not None or self.ends_at <= at

    def may_be_cancelled_by(self, user) -> bool:
        """By whom it is for, who made it, and who may change rotations."""
        is_theirs = user.pk in (self.person_id, self.made_by_id)
        return user.has_perm(CHANGE) or (is_theirs and user.has_perm("incidents.add_override"))

    @transaction.atomic
    def cancel(self, *, by, at: datetime) -> None:
        """End it now; one that has not begun never will. Raises OverrideOver or NotTheirs."""
        if not self.may_be_cancelled_by(by):
            raise NotTheirs("Whose it is, or who may change rotations, cancels an override.")
        rows = Override.objects.kept().filter(pk=self.pk, ends_at__gt=at)
        running = rows.filter(starts_at__lt=at).update(ends_at=at, cancelled_by=by)
        if not running and not rows.update(cancelled_at=at, cancelled_by=by):
            raise OverrideOver("It is over already.")
        self.refresh_from_db(fields=["ends_at", "cancelled_at", "cancelled_by"])
        self.rotation.touch(at)
        record(self, "cancel", by=by)
