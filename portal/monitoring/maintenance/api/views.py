"""Maintenance: read, plan, cancel; its windows, and ending one."""

from datetime import timedelta
from typing import Any, ClassVar

from django.urls import reverse
from drf_spectacular.utils import extend_schema

from portal.accounts.api.idempotency import Idempotent
from portal.architecture.models import Service
from portal.core.api.answers import AnsweringView
from portal.core.api.filters import choices, refuse_strangers, texts
from portal.core.api.pagination import Ordering
from portal.core.api.parameters import FIELDS, PAGED, page_of, query, sent
from portal.core.api.renderers import json_response
from portal.core.api.verbs import VerbView
from portal.core.data import clock
from portal.monitoring.models import Maintenance, Phase, Window
from portal.monitoring.muting import verbs

from .serializers import MaintenanceSerializer, NewMaintenanceSerializer, WindowSerializer

ROW, WINDOW = MaintenanceSerializer, WindowSerializer
NEWEST_FIRST = Ordering(("created_at",), descending=True)
BY_TIME = Ordering(("starts_at",))
WINDOWS = [
    *FIELDS,
    query("state", "Only those in this state; all if not given.", enum=list(Phase.values)),
    query("service", "Slug of a service: those that mute its alerts; may be repeated.", many=True),
    *PAGED,
]
NEW = sent("A move of its storage", title="Move of the storage", services=["orders"], minutes=90)


class MaintenanceView(Idempotent, AnsweringView):
    area = "monitoring"
    permissions = {"GET": "monitoring.view_maintenance"}

    def shown(self, row, model, pk: int, names: tuple[str, ...] | None = None) -> dict:
        return self.single(row, model.objects.visible(self.request.user), names, pk=pk)


class MaintenanceList(MaintenanceView):
    permissions = {"GET": "monitoring.view_maintenance", "POST": "monitoring.add_maintenance"}

    @extend_schema(
        operation_id="maintenance_list", parameters=[*FIELDS, *PAGED], responses=page_of(ROW)
    )
    def get(self, request):
        """What was planned, the newest first. When it takes place: `maintenance-windows/`."""
        rows = Maintenance.objects.visible(request.user)
        return self.listed(ROW, rows, NEWEST_FIRST, "maintenance")

    @extend_schema(
        operation_id="maintenance_make",
        request=NewMaintenanceSerializer,
        responses={201: ROW},
        examples=NEW,
    )
    def post(self, request):
        """Plan maintenance, once or recurring."""
        given, at = dict(self.checked(NewMaintenanceSerializer)), clock.now()
        given["duration"] = timedelta(minutes=given.pop("minutes"))
        given.setdefault("starts_at", at)
        made = verbs.plan(by=request.user, at=at, services=given.pop("services", ()), **given)
        address = reverse("api:maintenance-plan", args=[made.pk])
        return self.made(self.shown(ROW, Maintenance, made.pk), address)


class MaintenanceDetail(MaintenanceView):
    @extend_schema(operation_id="maintenance_read", parameters=FIELDS, responses=ROW)
    def get(self, request, pk):
        """One plan."""
        names = ROW.chosen(request.query_params)
        return json_response(self.shown(ROW, Maintenance, pk, names))


class WindowList(MaintenanceView):
    @extend_schema(
        operation_id="maintenance_windows_list", parameters=WINDOWS, responses=page_of(WINDOW)
    )
    def get(self, request):
        """When maintenance takes place, by time; of what recurs, the next 60 days."""
        params, rows = request.query_params, Window.objects.visible(request.user)
        if asked := choices(params, "state", Phase.values):
            rows = rows.in_phase(asked[0], clock.now())
        if slugs := texts(params, "service"):
            refuse_strangers(params, service=Service.objects.all())
            rows = rows.of_services(slugs)
        return self.listed(WINDOW, rows, BY_TIME, "windows")


class OnMaintenance(VerbView, MaintenanceView):
    """A verb on one plan."""

    operation = "maintenance_{}"
    answers: ClassVar[Any] = ROW

    def thing(self, pk):
        return self.found(Maintenance.objects.visible(self.request.user), pk=pk)

    def act(self, thing, **given):
        return verbs.cancel(thing, by=self.request.user)

    def answer(self, thing, result):
        return json_response(self.shown(ROW, Maintenance, thing.pk))


class OnWindow(VerbView, MaintenanceView):
    """A verb on one window."""

    operation = "maintenance_window_{}"
    answers: ClassVar[Any] = WINDOW

    def thing(self, pk):
        rows = Window.objects.visible(self.request.user).select_related("maintenance")
        return self.found(rows, pk=pk)

    def act(self, thing, **given):
        return verbs.end(thing, by=self.request.user)

    def answer(self, thing, result):
        return json_response(self.shown(WINDOW, Window, thing.pk))
