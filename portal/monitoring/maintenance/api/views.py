"""Maintenance: read, plan, cancel; its windows, and ending one."""

from datetime import timedelta
from typing import Any, ClassVar

from django.db import transaction
from django.urls import reverse
from drf_spectacular.utils import extend_schema

from portal.accounts.api.idempotency import Idempotent
from portal.architecture.models import Service
from portal.core.api.answers import AnsweringView
from portal.core.api.etags import IF_MATCH, require_match
from portal.core.api.filters import ALL, choices, refuse_strangers, texts
from portal.core.api.pagination import Ordering
from portal.core.api.parameters import FIELDS, PAGED, page_of, query, sent
from portal.core.api.refusals import refusals_of
from portal.core.api.renderers import json_response
from portal.core.api.verbs import VerbView
from portal.core.data import clock
from portal.monitoring.models import Maintenance, Window
from portal.monitoring.muting import verbs

from .serializers import MaintenanceSerializer, NewMaintenanceSerializer, WindowSerializer

ROW, WINDOW = MaintenanceSerializer, WindowSerializer
NEWEST_FIRST = Ordering(("created_at",), descending=True)
BY_TIME = Ordering(("starts_at",))
STATES = {word: word for word in ("active", "upcoming", "cancelled")} | {"past": "over"}
WINDOWS = [
    *FIELDS,
    query("state", "`all` if not given; may be repeated.", enum=[ALL, *STATES], many=True),
    query("service", "Slug of a service: those that mute its alerts; may be repeated.", many=True),
    *PAGED,
]
LONGER = sent("It takes longer", minutes=150)
NEW = sent("A move of its storage", title="Move of the storage", services=["orders"], minutes=90)


class MaintenanceView(Idempotent, AnsweringView):
    area = "monitoring"
    permissions = {"GET": "monitoring.view_maintenance"}

    def plan(self, pk: int):
        """The query of one plan."""
        return Maintenance.objects.visible(self.request.user).filter(pk=pk)


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
        given, at = about(dict(self.checked(NewMaintenanceSerializer))), clock.now()
        given.setdefault("starts_at", at)
        services = given.pop("services", ())
        with refusals_of(minutes="duration"):
            made = verbs.plan(by=request.user, at=at, services=services, **given)
        address = reverse("api:maintenance-plan", args=[made.pk])
        return self.made(self.single(ROW, self.plan(made.pk)), address)


class MaintenanceDetail(MaintenanceView):
    permissions = {"GET": "monitoring.view_maintenance", "PATCH": "monitoring.change_maintenance"}

    @extend_schema(operation_id="maintenance_read", parameters=FIELDS, responses=ROW)
    def get(self, request, pk):
        """One plan."""
        return self.tagged(ROW, self.plan(pk), names=ROW.chosen(request.query_params))

    @extend_schema(
        operation_id="maintenance_change",
        request=NewMaintenanceSerializer(partial=True),
        parameters=IF_MATCH,
        responses=ROW,
        examples=LONGER,
    )
    def patch(self, request, pk):
        """Change the members that you send. Windows that have started keep their beginning."""
        with transaction.atomic():
            plan = self.found(self.plan(pk).select_for_update())
            require_match(request, plan.etag, difference=plan.get_absolute_url())
            given = about(dict(self.checked(NewMaintenanceSerializer, partial=True)))
            with refusals_of(minutes="duration"):
                verbs.replan(plan, given, by=request.user, at=clock.now())
        return self.tagged(ROW, self.plan(pk))


def about(given: dict[str, Any]) -> dict[str, Any]:
    """What the verbs take, of what was sent."""
    if "minutes" in given:
        given["duration"] = timedelta(minutes=given.pop("minutes"))
    return given


class WindowList(MaintenanceView):
    @extend_schema(
        operation_id="maintenance_windows_list", parameters=WINDOWS, responses=page_of(WINDOW)
    )
    def get(self, request):
        """When maintenance takes place, by time; of what recurs, the next 60 days."""
        params, rows = request.query_params, Window.objects.visible(request.user)
        asked = choices(params, "state", [ALL, *STATES])
        if asked and ALL not in asked:
            rows = rows.in_phases([STATES[word] for word in asked], clock.now())
        if slugs := texts(params, "service"):
            refuse_strangers(params, service=Service.objects.all())
            rows = rows.of_services(slugs)
        return self.listed(WINDOW, rows, BY_TIME, "windows")


class WindowDetail(MaintenanceView):
    @extend_schema(operation_id="maintenance_windows_read", parameters=FIELDS, responses=WINDOW)
    def get(self, request, pk):
        """One window."""
        rows, names = Window.objects.visible(request.user), WINDOW.chosen(request.query_params)
        return json_response(self.single(WINDOW, rows, names, pk=pk))


class OnMaintenance(VerbView, MaintenanceView):
    """A verb on one plan."""

    operation = "maintenance_{}"
    answers: ClassVar[Any] = ROW

    def thing(self, pk):
        return self.found(Maintenance.objects.visible(self.request.user), pk=pk)

    def act(self, thing, **given):
        return verbs.cancel(thing, by=self.request.user)

    def answer(self, thing, result):
        return self.tagged(ROW, self.plan(thing.pk))


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
        rows = Window.objects.visible(self.request.user).filter(pk=thing.pk)
        return json_response(self.single(WINDOW, rows))
