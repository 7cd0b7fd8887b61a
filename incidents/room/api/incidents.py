"""Incidents: list, open, read, change their texts."""

from django.db import transaction
from django.urls import reverse
from drf_spectacular.utils import extend_schema

from incidents.models import Incident, IncidentSource, Severity
from portal.core.api.etags import IF_MATCH, require_match
from portal.core.api.pagination import paginate
from portal.core.api.parameters import FIELDS, page_of
from portal.core.data import clock
from portal.core.problems import Refused
from runbooks.models import Runbook

from . import examples
from .base import DETAIL, ROW, IncidentsView
from .filters import ASKED, NEWEST_FIRST, narrowed
from .taken import IncidentTextsSerializer, NewIncidentSerializer


class IncidentList(IncidentsView):
    permissions = {"GET": "incidents.view_incident", "POST": "incidents.add_incident"}

    @extend_schema(operation_id="incidents_list", parameters=ASKED, responses=page_of(ROW))
    def get(self, request):
        """Incidents that you may see, the newest first."""
        params = request.query_params
        rows = narrowed(Incident.objects.visible(request.user), params, user=request.user)
        # The page first, by its index alone; joins let SQLite sort all incidents for it.
        page = paginate(rows.values_list(*NEWEST_FIRST.keys), NEWEST_FIRST, "incidents", params)
        keys = [row[-1] for row in page.rows]
        read = ROW.reader(ROW.chosen(params), ("pk",))
        told = Incident.objects.filter(pk__in=keys).naming_merged(request.user)
        found = ROW.values(told, ROW.usual(), ("pk",))
        shown = {row[0]: read(row) for row in found}
        return self.page(page, [shown[key] for key in keys if key in shown])

    @extend_schema(
        operation_id="incidents_declare",
        request=NewIncidentSerializer,
        responses={201: DETAIL},
        examples=examples.NEW,
    )
    def post(self, request):
        """Open one: its clocks start, and its policy calls people. An Idempotency-Key makes a
        retry harmless.
        """
        given = dict(self.checked(NewIncidentSerializer))
        self.require_readable(given.get("runbook"))
        made = Incident.objects.declare(
            severity=Severity.objects.of(given.pop("severity")),
            by=request.user,
            source=IncidentSource.API,
            at=clock.now(),
            **given,
        )
        return self.made(self.detail(made.pk), reverse("api:incident", args=[made.pk]))

    def require_readable(self, runbook) -> None:
        seen = Runbook.objects.visible(self.request.user)
        if runbook and not seen.filter(pk=runbook.pk).exists():
            raise Refused(f"There is no runbook “{runbook.slug}”.", pointer="/runbook")


class IncidentDetail(IncidentsView):
    permissions = {"GET": "incidents.view_incident", "PATCH": "incidents.change_incident"}

    @extend_schema(operation_id="incidents_read", parameters=FIELDS, responses=DETAIL)
    def get(self, request, number):
        """One incident with what belongs to it."""
        return self.answered(number, DETAIL.chosen(request.query_params))

    @extend_schema(
        operation_id="incidents_change",
        request=IncidentTextsSerializer(partial=True),
        parameters=IF_MATCH,
        responses=DETAIL,
        examples=examples.TEXTS,
    )
    def patch(self, request, number):
        """Change its title or description; the timeline says so."""
        given = dict(self.checked(IncidentTextsSerializer, partial=True))
        with transaction.atomic():
            rows = Incident.objects.visible(request.user).select_for_update(of=("self",))
            incident = self.found(rows, pk=number)
            require_match(request, incident.etag, difference=incident.get_absolute_url())
            incident.change(given, by=request.user, at=clock.now())
        return self.answered(number)
