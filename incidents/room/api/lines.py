"""The record of an incident: timeline, alerts, clocks, and earlier incidents that are like it."""

from dataclasses import asdict
from typing import Any

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema

from incidents.files.markdown import of_lines
from incidents.files.record import Line, lines
from incidents.models import EntryKind, Incident, IncidentAlert
from incidents.models.severities import name_of
from portal.core.api.filters import choices
from portal.core.api.pagination import Ordering
from portal.core.api.parameters import FIELDS, PAGED, page_of, query
from portal.core.api.renderers import JSONRenderer, MarkdownRenderer
from portal.core.data import clock
from portal.monitoring.alerts.filters import since

from .base import IncidentsView
from .serializers import (
    IncidentAlertSerializer,
    IncidentClockSerializer,
    SimilarIncidentSerializer,
    TimelineEntrySerializer,
    url_of,
)

BY_JOINING = Ordering(("joined_at",))
MOST_SIMILAR = 20
NARROWED = [
    query("kind", "What it says; may be repeated.", enum=EntryKind.values, many=True),
    query(
        "since",
        "Only what happened at this time (RFC 3339, such as 2026-01-31T08:00:00Z), or later.",
    ),
]


def shown(line: Line) -> dict[str, Any]:
    return {name: value for name, value in asdict(line).items() if name != "word"}


class Timeline(IncidentsView):
    renderer_classes = (JSONRenderer, MarkdownRenderer)
    permissions = {"GET": "incidents.view_incident"}

    @extend_schema(
        operation_id="incidents_timeline",
        parameters=[*NARROWED, *PAGED],
        responses={
            (200, "application/json"): page_of(TimelineEntrySerializer),
            (200, "text/markdown"): str,
        },
    )
    def get(self, request, number):
        """What happened, the oldest first, with the steps of its runs. `Accept: text/markdown`
        gives all of it as a text.
        """
        params, incident = request.query_params, self.incident(number)
        kinds = choices(params, "kind", EntryKind.values)
        found = lines(incident, kinds, since(params))
        if request.accepted_media_type == MarkdownRenderer.media_type:
            return HttpResponse(of_lines(found), content_type="text/markdown; charset=utf-8")
        return self.computed([*map(shown, found)], "timeline")


class Alerts(IncidentsView):
    permissions = {"GET": "incidents.view_incident"}

    @extend_schema(
        operation_id="incidents_alerts",
        parameters=[*FIELDS, *PAGED],
        responses=page_of(IncidentAlertSerializer),
    )
    def get(self, request, number):
        """The alerts that belong to it, and which are over."""
        rows = IncidentAlert.objects.filter(incident=self.incident(number))
        return self.listed(IncidentAlertSerializer, rows, BY_JOINING, "incident-alerts")


class Clocks(IncidentsView):
    permissions = {"GET": "incidents.view_incident"}

    @extend_schema(
        operation_id="incidents_clocks",
        parameters=PAGED,
        responses=page_of(IncidentClockSerializer),
    )
    def get(self, request, number):
        """What is due in it and what was, with whether it was met."""
        at, rows = clock.now(), self.incident(number).clocks.all()
        return self.computed([_clock(each, at) for each in rows], "incident-clocks")


def _clock(row, at) -> dict[str, Any]:
    names = ("kind", "started_at", "due_at", "met_at", "stopped_at")
    return {name: getattr(row, name) for name in names} | {"state": row.state(at)}


class Similar(IncidentsView):
    permissions = {"GET": "incidents.view_incident"}

    @extend_schema(
        operation_id="incidents_similar",
        parameters=PAGED,
        responses=page_of(SimilarIncidentSerializer),
    )
    def get(self, request, number):
        """At most 20 incidents with the same alerts or services, and how they ended."""
        incident = self.incident(number)
        names = incident.incident_alerts.values_list("name", flat=True)
        services = incident.affected.values_list("service", flat=True)
        rows = Incident.objects.visible(request.user)
        found = rows.similar_to(incident, names=set(names), services=services)[:MOST_SIMILAR]
        return self.computed([_similar(each) for each in found], "incident-similar")


def _similar(row) -> dict[str, Any]:
    names = ("title", "state", "declared_at", "resolved_at", "outcome")
    counted = ("same_alerts", "same_services")
    return {name: getattr(row, name) for name in (*names, *counted)} | {
        "number": row.pk,
        "severity": name_of(row.level),
        "url": url_of(row.pk),
    }
