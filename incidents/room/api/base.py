"""What all views of incidents share."""

from typing import Any

from django.db.models import Q

from incidents.models import Incident
from portal.accounts.api.idempotency import Idempotent
from portal.core.api.answers import AnsweringView
from portal.core.api.etags import of_row
from portal.core.api.renderers import json_response
from runbooks.models import Run

from .serializers import IncidentRowSerializer, IncidentSerializer

ROW, DETAIL = IncidentRowSerializer, IncidentSerializer


class IncidentsView(Idempotent, AnsweringView):
    area = "incidents"
    permissions = {"GET": "incidents.view_incident", "POST": "incidents.change_incident"}

    def incident(self, number: int) -> Incident:
        """The one that this person may see; a restricted one is not found by others."""
        return self.found(Incident.objects.visible(self.request.user), pk=number)

    def detail(self, number: int) -> dict:
        """All that the API says of one."""
        incident = self.incident(number)
        rows = Incident.objects.naming_merged(self.request.user)
        said = self.single(DETAIL, rows, tuple(DETAIL.read_from), pk=number)
        said |= _of_one(incident, self.request.user)
        said["etag"] = of_row(incident.etag, {**said, "etag": ""})
        return {name: said[name] for name in DETAIL.names()}

    def answered(self, number: int, names: tuple[str, ...] | None = None):
        whole = self.detail(number)
        said = {name: whole[name] for name in names or DETAIL.names()}
        return json_response(said, headers={"ETag": whole["etag"]})


def _of_one(incident: Incident, user) -> dict[str, Any]:
    """The members that lists do not have."""
    roles = incident.assignments.filter(until=None).select_related("person")
    related = Incident.objects.visible(user).filter(
        Q(related_later__second=incident) | Q(related_earlier__first=incident)
    )
    return {
        "is_calling": incident.escalations.running().exists(),
        "roles": [_role(each) for each in roles],
        "affected": [
            {"service": each.service.slug, "impact": each.impact}
            for each in incident.affected.select_related("service")
        ],
        "links": [{"title": each.title, "url": each.url} for each in incident.links.all()],
        "tasks": [_task(each) for each in incident.tasks.select_related("owner", "done_by")],
        "runs": _runs(incident, user),
        "related": sorted(related.values_list("pk", flat=True)),
    }


def _runs(incident: Incident, user) -> list[int]:
    rows = Run.objects.visible(user).filter(in_incident__incident=incident)
    joined = rows.order_by("in_incident__joined_at", "in_incident__pk")
    return [*joined.values_list("pk", flat=True)]


def _role(row) -> dict[str, Any]:
    said = {name: getattr(row, name) for name in ("role", "person_name", "since")}
    return said | {"person": row.person.username if row.person else None}


def _task(row) -> dict[str, Any]:
    return {
        "id": row.pk,
        "text": row.text,
        "owner": row.owner.username if row.owner else None,
        "done_at": row.done_at,
        "done_by": row.done_by.username if row.done_by else None,
    }
