"""What this app offers to the one search. Restricted incidents are not in the index."""

from collections.abc import Iterable

from django.db.models import QuerySet
from django.urls import reverse

from portal.architecture.search import SERVICE
from portal.core.web.days import minute_of
from portal.search.registry import OWNER, Kind, Text, register

from .models import Incident, IncidentState
from .models.severities import name_of


def rows() -> QuerySet:
    return Incident.objects.unrestricted()


def text_of(row: Incident) -> Text:
    drill = ", drill" if row.is_drill else ""
    return Text(
        title=row.title,
        names=[row.name],
        body="\n".join(filter(None, (row.description, row.outcome))),
        line=row.outcome,
        about=f"{row.name}, {row.severity_name}{drill}",
    )


def states_of(numbers: Iterable[str]) -> dict[str, str]:
    """How each of them stands now."""
    found = Incident.objects.filter(pk__in=list(numbers))
    columns = found.values_list("pk", "state", "level", "declared_at")
    return {str(pk): _state(*about) for pk, *about in columns}


def _state(state: str, level: int, since) -> str:
    return f"{name_of(level)}, {IncidentState(state).label.lower()}, since {minute_of(since)}"


PERMISSION = "incidents.view_incident"
register(
    Kind(
        name="incident",
        label="Incident",
        plural="Incidents",
        icon="fire",
        rows=rows,
        text=text_of,
        slug=lambda row: str(row.pk),
        address=lambda number: reverse("incidents:incident", args=[number]),
        permission=PERMISSION,
        unpublished=PERMISSION,
        filters={SERVICE: "affected__service__slug", OWNER: "owner__slug"},
        state=states_of,
    )
)
