"""What this app offers to the one search. Restricted incidents are not in the index."""

from collections.abc import Iterable

from django.db.models import QuerySet
from django.urls import reverse

from portal.architecture.search import SERVICE
from portal.core.web.days import minute_of
from portal.search.registry import OWNER, Kind, Text, register

from .models import Incident, IncidentState, Rotation
from .models.severities import name_of


def incidents() -> QuerySet:
    return Incident.objects.unrestricted()


def incident_text(row: Incident) -> Text:
    drill = ", drill" if row.is_drill else ""
    return Text(
        title=row.title,
        names=[row.name],
        body="\n".join(filter(None, (row.description, row.outcome))),
        line=row.outcome,
        about=f"{row.name}, {row.severity_name}{drill}",
    )


def incident_states(numbers: Iterable[str]) -> dict[str, str]:
    """How each of them stands now."""
    found = Incident.objects.filter(pk__in=list(numbers))
    columns = found.values_list("pk", "state", "level", "declared_at")
    return {str(pk): _state(state, level, since) for pk, state, level, since in columns}


def _state(state: str, level: int, since) -> str:
    return f"{name_of(level)}, {IncidentState(state).label.lower()}, since {minute_of(since)}"


PERMISSION = "incidents.view_incident"
register(
    Kind(
        name="incident",
        label="Incident",
        plural="Incidents",
        icon="fire",
        rows=incidents,
        text=incident_text,
        slug=lambda row: str(row.pk),
        address=lambda number: reverse("incidents:incident", args=[number]),
        permission=PERMISSION,
        unpublished=PERMISSION,
        filters={SERVICE: "affected__service__slug", OWNER: "owner__slug"},
        state=incident_states,
    )
)


READ_ROTATIONS = "incidents.view_rotation"


def rotation_text(row: Rotation) -> Text:
    return Text(
        title=row.name,
        names=[row.slug],
        body=row.description,
        line=row.description,
        is_current=row.archived_at is None,
    )


register(
    Kind(
        name="rotation",
        label="Rotation",
        plural="Rotations",
        icon="phone",
        rows=Rotation.objects.all,
        text=rotation_text,
        address=lambda slug: reverse("oncall:rotation", args=[slug]),
        permission=READ_ROTATIONS,
        unpublished=READ_ROTATIONS,
        filters={SERVICE: "services__slug", OWNER: "owner__slug"},
    )
)
