from django.db import models


class AlertState(models.TextChoices):
    FIRING = "firing", "Firing"
    RESOLVED = "resolved", "Resolved"


class IntakeKind(models.TextChoices):
    """The tool whose messages an intake takes."""

    ALERTMANAGER = "alertmanager", "Alertmanager"
    GRAFANA = "grafana", "Grafana"
    PAGERDUTY = "pagerduty", "PagerDuty events"
    GENERIC = "generic", "Generic JSON"


class Phase(models.TextChoices):
    """Where something that has a beginning and an end stands."""

    ACTIVE = "active", "Active"
    UPCOMING = "upcoming", "Upcoming"
    PAST = "past", "Past"


class MutedBy(models.TextChoices):
    """What keeps an alert from calling people."""

    SILENCE = "silence", "Silenced"
    MAINTENANCE = "maintenance", "In maintenance"
    DEPENDENCY = "dependency", "Grouped"
