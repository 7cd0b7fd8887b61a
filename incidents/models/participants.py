"""Who takes part in an incident, and as what."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q

from .choices import Role


class Assignment(models.Model):
    """One person in one role of an incident, from when until when."""

    incident = models.ForeignKey(
        "incidents.Incident", on_delete=models.CASCADE, related_name="assignments"
    )
    role = models.CharField(max_length=16, choices=Role)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    person_name = models.CharField(max_length=150)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["since", "pk"]
        default_permissions = ()
        constraints = [
            # also what Incident.holder() reads
            models.UniqueConstraint(
                fields=["incident", "role"], condition=Q(until=None), name="role_held_by_one"
            ),
        ]

    def __str__(self):
        return f"{self.person_name}, {self.get_role_display()}"


class ParticipantQuerySet(models.QuerySet):
    def join(self, incident, people, *, at: datetime) -> None:
        """These may see the incident from now on, restricted or not."""
        rows = [self.model(incident=incident, person=person, joined_at=at) for person in people]
        self.bulk_create(rows, ignore_conflicts=True)

    def in_some(self, incidents, person):
        """In which of these the person takes part, by number."""
        rows = self.filter(incident__in=incidents, person=person)
        return rows.values_list("incident", flat=True)


class Participant(models.Model):
    """Somebody who was called, or who does something in an incident; they may see it."""

    incident = models.ForeignKey(
        "incidents.Incident", on_delete=models.CASCADE, related_name="participants"
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="participations"
    )
    joined_at = models.DateTimeField()

    objects = ParticipantQuerySet.as_manager()

    class Meta:
        ordering = ["joined_at", "pk"]
        default_permissions = ()
        constraints = [
            # also what IncidentQuerySet.visible() reads
            models.UniqueConstraint(fields=["person", "incident"], name="participant_once"),
        ]

    def __str__(self):
        return f"{self.person}"
