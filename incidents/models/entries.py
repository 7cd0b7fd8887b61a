"""The timeline of an incident: only ever added to."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from .choices import EntryKind

LONGEST_ENTRY = 20_000


class EntryQuerySet(models.QuerySet):
    def of_kinds(self, *kinds: str):
        return self.filter(kind__in=kinds)

    def newest_first(self):
        return self.order_by("-at", "-pk")

    def pinned(self):
        return self.filter(pin__isnull=False)


class Entry(models.Model):
    """One line of the timeline: who did what, when. What was wrong is corrected by another one."""

    incident = models.ForeignKey(
        "incidents.Incident", on_delete=models.CASCADE, related_name="entries"
    )
    kind = models.CharField(max_length=16, choices=EntryKind)
    at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    by_name = models.CharField(max_length=150, blank=True, help_text="Empty: the portal itself.")
    text = models.TextField(blank=True)
    about = models.JSONField(default=dict, blank=True, help_text="What programs read of it.")
    corrects = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="corrections"
    )

    objects = EntryQuerySet.as_manager()

    class Meta:
        ordering = ["at", "pk"]
        verbose_name_plural = "entries"
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(corrects=None) | Q(kind=EntryKind.CORRECTION),
                name="entry_corrects_as_correction",
            ),
        ]
        indexes = [
            # the timeline of an incident, either way
            models.Index(fields=["incident", "at", "id"], name="entry_of_incident"),
            # changed_since() of incidents
            models.Index(fields=["at", "incident"], name="entry_newest"),
        ]

    def __str__(self):
        return f"{self.by_name or 'The portal'} {self.get_kind_display()}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None:
            raise TypeError("An entry of a timeline never changes: add a correction.")
        super().save(*args, **kwargs)


class Pin(models.Model):
    """An entry that everybody has to see first."""

    entry = models.OneToOneField(Entry, on_delete=models.CASCADE, related_name="pin")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    at = models.DateTimeField()

    class Meta:
        default_permissions = ()

    def __str__(self):
        return f"{self.entry}"


def entry_of(incident, kind: str, text: str, *, by, at: datetime, **more: Any) -> Entry:
    """A new line of the timeline, not yet saved."""
    name = str(by) if by else ""
    return Entry(incident=incident, kind=kind, text=text, by=by, by_name=name[:150], at=at, **more)
