"""Who has the page of an incident open."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models

HERE = timedelta(seconds=45)  # after the last sign somebody counts as here
NOTED = timedelta(seconds=15)  # so often it is written


class PresenceQuerySet(models.QuerySet):
    def here(self, incident, at: datetime):
        """Who has it open now, the first to come first."""
        return self.filter(incident=incident, seen_at__gt=at - HERE).select_related("person")

    def note(self, incident, person, *, at: datetime) -> None:
        """This person has it open."""
        known = self.filter(incident=incident, person=person)
        if not known.update(seen_at=at):
            row = self.model(incident=incident, person=person, seen_at=at)
            self.bulk_create([row], ignore_conflicts=True)


class Presence(models.Model):
    """Somebody looks at an incident. It gives no right to see it."""

    incident = models.ForeignKey(
        "incidents.Incident", on_delete=models.CASCADE, related_name="presences"
    )
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    seen_at = models.DateTimeField()

    objects = PresenceQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        default_permissions = ()
        constraints = [
            # also what here() reads
            models.UniqueConstraint(fields=["incident", "person"], name="present_once"),
        ]

    def __str__(self):
        return f"{self.person}"
