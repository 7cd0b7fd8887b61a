"""What becomes of the alerts of incidents: they are over, or fire again after all."""

from datetime import datetime
from itertools import groupby

from django.db import transaction

from incidents.models import Incident, IncidentAlert
from portal.core.data import crash_points

AT_ONCE = 1000


def follow(at: datetime) -> bool:
    """Note what ended and what fires again since the last time; whether there was anything."""
    over = _grouped(IncidentAlert.objects.over(), Incident.end_alerts, at)
    again = _grouped(IncidentAlert.objects.again(), Incident.revive_alerts, at)
    return over or again


def _grouped(rows, verb, at: datetime) -> bool:
    """One entry for each incident, however many alerts."""
    found = rows.select_related("incident").order_by("incident", "pk")[:AT_ONCE]
    noted = 0
    for incident, group in groupby(found, key=lambda row: row.incident):
        with transaction.atomic():
            noted += verb(incident, [*group], at=at)
            crash_points.reach("ended")
    return noted > 0
