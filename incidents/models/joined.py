"""What belongs to an incident: services, alerts, runs, other incidents, links, tasks."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from portal.architecture.models import Service
from portal.monitoring.models import Alert, AlertState
from runbooks.models import Run

from .choices import Impact

LONGEST_TASK = 300


class AffectedService(models.Model):
    """A service that an incident concerns, and what it does meanwhile."""

    incident = models.ForeignKey(
        "incidents.Incident", on_delete=models.CASCADE, related_name="affected"
    )
    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="affected_by")
    impact = models.CharField(max_length=10, choices=Impact, default=Impact.UNKNOWN)
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["incident", "service"], name="affected_once"),
        ]

    def __str__(self):
        return f"{self.service}"


class IncidentAlertQuerySet(models.QuerySet):
    def over(self):
        """The timeline does not know yet that these are over, or forgotten."""
        over = Q(alert=None) | Q(alert__state=AlertState.RESOLVED)
        return self.filter(over, over_at=None)

    def again(self):
        """Over by the timeline, and they fire: another replica of their tool says so."""
        return self.filter(over_at__isnull=False, alert__state=AlertState.FIRING)


class IncidentAlert(models.Model):
    """An alert that belongs to an incident: an episode belongs to one at most."""

    incident = models.ForeignKey(
        "incidents.Incident", on_delete=models.CASCADE, related_name="incident_alerts"
    )
    alert = models.OneToOneField(
        Alert, null=True, on_delete=models.SET_NULL, related_name="in_incident"
    )
    name = models.CharField(max_length=200, help_text="Stays when the alert is forgotten.")
    joined_at = models.DateTimeField()
    over_at = models.DateTimeField(
        null=True, blank=True, help_text="When the timeline said that it is over."
    )

    objects = IncidentAlertQuerySet.as_manager()

    class Meta:
        ordering = ["joined_at", "pk"]
        default_permissions = ()
        indexes = [
            # similar incidents, by the names of their alerts
            models.Index(fields=["name", "incident"], name="incident_alert_named"),
            # over(), and whether one of an incident fires
            models.Index(
                fields=["incident"], condition=Q(over_at=None), name="incident_alert_open"
            ),
        ]

    def __str__(self):
        return self.name


class IncidentRun(models.Model):
    """A run that was started for an incident; its steps stand in the timeline."""

    incident = models.ForeignKey(
        "incidents.Incident", on_delete=models.CASCADE, related_name="incident_runs"
    )
    run = models.OneToOneField(Run, on_delete=models.CASCADE, related_name="in_incident")
    joined_at = models.DateTimeField()

    class Meta:
        ordering = ["joined_at", "pk"]
        default_permissions = ()

    def __str__(self):
        return f"{self.run}"


class Relation(models.Model):
    """Two incidents that have to do with each other; the older one stands first."""

    first = models.ForeignKey(
        "incidents.Incident", on_delete=models.CASCADE, related_name="related_later"
    )
    second = models.ForeignKey(
        "incidents.Incident", on_delete=models.CASCADE, related_name="related_earlier"
    )

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="incidents_related_once"),
            models.CheckConstraint(
                condition=Q(first__lt=F("second")), name="incident_related_to_another"
            ),
        ]

    def __str__(self):
        return f"{self.first}, {self.second}"


class IncidentLink(models.Model):
    """An address outside of the portal that people of an incident need: a call, a dashboard."""

    incident = models.ForeignKey(
        "incidents.Incident", on_delete=models.CASCADE, related_name="links"
    )
    title = models.CharField(max_length=120)
    url = models.URLField(max_length=500)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["incident", "url"], name="incident_link_once"),
        ]

    def __str__(self):
        return self.title


class Task(models.Model):
    """Something to do before the incident is over."""

    incident = models.ForeignKey(
        "incidents.Incident", on_delete=models.CASCADE, related_name="tasks"
    )
    text = models.CharField(max_length=LONGEST_TASK)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    added_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering = ["pk"]
        default_permissions = ()

    def __str__(self):
        return self.text
