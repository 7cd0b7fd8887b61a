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
