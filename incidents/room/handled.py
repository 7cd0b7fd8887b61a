"""Which incident has an alert or a run, as their pages say it."""

from collections.abc import Collection
from typing import Any

from django.db.models import OuterRef, Subquery

from incidents.models import Assignment, Incident, IncidentAlert, IncidentRun, Role
from portal.core.web.navigation import Handled

MEMBERS: dict[str, Any] = {"alert": IncidentAlert, "run": IncidentRun}


def handled(kind: str, keys: Collection[int], user) -> dict[int, Handled]:
    """One query, whatever is asked; incidents that this person may not see have nothing."""
    if kind not in MEMBERS or not keys:
        return {}
    rows = MEMBERS[kind].objects.filter(incident__in=Incident.objects.visible(user))
    rows = rows.filter(**{f"{kind}__in": keys}).select_related("incident__acknowledged_by")
    names = Assignment.objects.filter(incident=OuterRef("incident"), until=None)
    commander = names.filter(role=Role.COMMANDER).values("person_name")[:1]
    rows = rows.annotate(commander=Subquery(commander))
    return {getattr(row, f"{kind}_id"): _handled(row.incident, row.commander) for row in rows}


def _handled(incident: Incident, commander: str | None) -> Handled:
    who = f"{commander or incident.acknowledged_by or 'somebody'} has it"
    if incident.is_over:
        who = incident.get_state_display().lower()
    elif not incident.acknowledged_at:
        who = "open" if incident.is_ticket else "not acknowledged"
    return Handled(incident.name, incident.get_absolute_url(), who, incident.is_open)
