"""Heartbeats: read, create, change, pause, resume, delete; their pings and flips."""

import orjson
from django.db import transaction
from django.db.models import Q
from django.http import HttpResponse
from django.urls import reverse
from drf_spectacular.utils import extend_schema

from portal.accounts.api.idempotency import Idempotent
from portal.accounts.models import Team
from portal.architecture.models import Service
from portal.core.api.answers import AnsweringView
from portal.core.api.etags import IF_MATCH, of_drawing, require_match
from portal.core.api.filters import ALL, choices, refuse_strangers, texts
from portal.core.api.pagination import Ordering, paginate
from portal.core.api.parameters import FIELDS, PAGED, page_of, query, sent
from portal.core.api.refusals import refusals_of
from portal.core.api.renderers import json_response
from portal.core.api.verbs import VerbView
from portal.core.web.address import absolute
from portal.monitoring.heartbeats import announcements
from portal.monitoring.models import Flip, Heartbeat, HeartbeatState, Ping
from portal.monitoring.models.heartbeats import tag_of

from .serializers import (
    SPANS,
    FlipSerializer,
    HeartbeatSerializer,
    PauseSerializer,
    PingSerializer,
    WriteHeartbeatSerializer,
    about,
)

ROW = HeartbeatSerializer
BY_NAME = Ordering(("name",))
NEWEST = Ordering(("at",), descending=True)
KEYS = (*BY_NAME.keys, "uuid", "revision")
CREATE = sent(
    "A nightly backup", name="Nightly backup", cron="0 3 * * *", zone="Europe/Riga",
    grace_seconds=3600,
)  # fmt: skip
CHANGE = sent("More grace", grace_seconds=7200)
PAUSE = sent("Until a time", until="2038-01-01T08:00:00Z")
STATES = [ALL, *HeartbeatState.values]
LIST = [
    *FIELDS,
    query("state", "`all` if not given; may be repeated.", enum=STATES, many=True),
    query("service", "Slug of the service; may be repeated.", many=True),
    query("owner", "Slug of the team that is told; may be repeated.", many=True),
    *PAGED,
]


class HeartbeatsView(Idempotent, AnsweringView):
    area = "monitoring"
    secrets = ("ping_url",)
    permissions = {"GET": "monitoring.view_heartbeat"}

    def handle(self, request, *args, **kwargs) -> HttpResponse:
        response = super().handle(request, *args, **kwargs)
        if self.sees_addresses():
            response.headers["Cache-Control"] = "no-store"
        return response

    def heartbeat(self, pk: int) -> Heartbeat:
        return self.found(Heartbeat.objects.visible(self.request.user), pk=pk)

    def locked(self, pk: int) -> Heartbeat:
        """The same, as it stays until the transaction ends: If-Match holds while it is changed."""
        rows = Heartbeat.objects.select_for_update(of=("self",)).visible(self.request.user)
        return self.found(rows, pk=pk)

    def shown(self, rows: list[tuple], names: tuple[str, ...]) -> list[dict]:
        """Rows that begin with KEYS, as this person may see them, each with its tag."""
        read, may = ROW.reader(ROW.usual(), KEYS), self.sees_addresses()
        found = []
        for row in rows:
            _, pk, uuid, revision = row[: len(KEYS)]
            whole = read(row)
            whole["ping_url"] = absolute(reverse("ping", args=[uuid])) if may else None
            drawn = orjson.dumps(whole, default=str, option=orjson.OPT_SORT_KEYS).decode()
            whole["etag"] = of_drawing(tag_of(pk, revision), drawn)
            found.append({name: whole[name] for name in names})
        return found

    def sees_addresses(self) -> bool:
        """A program needs the scope for it as well as its person the permission."""
        request = self.request
        is_let = not request.auth or request.auth.allows(self.area, write=True)
        return is_let and request.user.has_perm("monitoring.change_heartbeat")

    def one(self, pk: int, names: tuple[str, ...] | None = None) -> dict:
        rows = list(ROW.values(Heartbeat.objects.filter(pk=pk), ROW.usual(), KEYS))
        return self.shown(rows, names or ROW.usual())[0]

    def answered(self, pk: int) -> HttpResponse:
        said = self.one(pk)
        return json_response(said, headers={"ETag": said["etag"]})


class Heartbeats(HeartbeatsView):
    permissions = {"GET": "monitoring.view_heartbeat", "POST": "monitoring.add_heartbeat"}

    @extend_schema(operation_id="heartbeats_list", parameters=LIST, responses=page_of(ROW))
    def get(self, request):
        """Heartbeats by name, as they stand now."""
        params, names = request.query_params, ROW.chosen(request.query_params)
        refuse_strangers(params, service=Service.objects.all(), owner=Team.objects.all())
        rows = ROW.values(Heartbeat.objects.visible(request.user), ROW.usual(), KEYS)
        states = choices(params, "state", STATES)
        if states and ALL not in states:
            rows = rows.filter(state__in=states)
        if services := texts(params, "service"):
            rows = rows.filter(service__slug__in=services)
        if owners := texts(params, "owner"):
            of_service = Q(owner=None, service__owner__slug__in=owners)
            rows = rows.filter(Q(owner__slug__in=owners) | of_service)
        page = paginate(rows, BY_NAME, "heartbeats", params)
        return self.page(page, self.shown(page.rows, names))

    @extend_schema(
        operation_id="heartbeats_create",
        request=WriteHeartbeatSerializer,
        responses={201: ROW},
        examples=CREATE,
    )
    def post(self, request):
        """Create one; `ping_url` is what the job calls."""
        given = about(dict(self.checked(WriteHeartbeatSerializer)))
        with refusals_of(**SPANS):
            made = Heartbeat.objects.make(given.pop("name"), by=request.user, **given)
        return self.made(self.one(made.pk), reverse("api:heartbeat", args=[made.pk]))


class HeartbeatDetail(HeartbeatsView):
    permissions = {
        "GET": "monitoring.view_heartbeat",
        "PATCH": "monitoring.change_heartbeat",
        "DELETE": "monitoring.delete_heartbeat",
    }

    @extend_schema(operation_id="heartbeats_read", parameters=FIELDS, responses=ROW)
    def get(self, request, pk):
        """One heartbeat, as it stands now."""
        names = ROW.chosen(request.query_params)
        said = self.one(self.heartbeat(pk).pk)
        shown = {name: said[name] for name in names}
        return json_response(shown, headers={"ETag": said["etag"]})

    @extend_schema(
        operation_id="heartbeats_change",
        request=WriteHeartbeatSerializer(partial=True),
        parameters=IF_MATCH,
        responses=ROW,
        examples=CHANGE,
    )
    def patch(self, request, pk):
        """Change the members that you send; what is expected of it is worked out anew."""
        with transaction.atomic():
            heartbeat = self.locked(pk)
            require_match(request, heartbeat.etag, difference=heartbeat.get_absolute_url())
            given = about(dict(self.checked(WriteHeartbeatSerializer, partial=True)))
            with refusals_of(**SPANS):
                heartbeat.change(given, by=request.user)
        return self.answered(pk)

    @extend_schema(operation_id="heartbeats_delete", parameters=IF_MATCH, responses={204: None})
    def delete(self, request, pk):
        """Delete it with all its pings and flips; an alert that it caused is over."""
        with transaction.atomic():
            heartbeat = self.locked(pk)
            require_match(request, heartbeat.etag, difference=heartbeat.get_absolute_url())
            announcements.remove(heartbeat, by=request.user)
        return HttpResponse(status=204)


class OnHeartbeat(VerbView, HeartbeatsView):
    """A verb on one heartbeat."""

    permissions = {"POST": "monitoring.pause_heartbeat"}
    operation = "heartbeats_{}"
    answers = ROW

    def thing(self, pk):
        return self.locked(pk)

    def answer(self, thing, result):
        return self.answered(thing.pk)


class Pause(OnHeartbeat):
    takes = PauseSerializer
    examples = PAUSE


class Pings(HeartbeatsView):
    @extend_schema(
        operation_id="heartbeats_pings",
        parameters=[*FIELDS, *PAGED],
        responses=page_of(PingSerializer),
    )
    def get(self, request, pk):
        """Its pings, the newest first; `fields=…,body` has what came with them, too."""
        rows = Ping.objects.filter(instance__heartbeat=self.heartbeat(pk))
        return self.listed(PingSerializer, rows, NEWEST, "pings")


class Flips(HeartbeatsView):
    @extend_schema(
        operation_id="heartbeats_flips",
        parameters=[*FIELDS, *PAGED],
        responses=page_of(FlipSerializer),
    )
    def get(self, request, pk):
        """When its state changed and why, the newest first."""
        rows = Flip.objects.filter(heartbeat=self.heartbeat(pk))
        return self.listed(FlipSerializer, rows, NEWEST, "flips")
