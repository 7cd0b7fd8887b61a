"""Rotations: read, create, change, archive."""

from typing import ClassVar

from django.db import transaction
from django.db.models import Q
from django.http import HttpResponse
from django.urls import reverse
from django.utils.text import slugify
from drf_spectacular.utils import extend_schema

from incidents.models import Rotation
from incidents.models.rotations import tag_of
from incidents.models.specifications import specified_of
from portal.accounts.models import Team
from portal.architecture.models import Service
from portal.core.api.etags import IF_MATCH, of_row, require_match
from portal.core.api.filters import CURRENT, among, in_state, refuse_strangers, state
from portal.core.api.pagination import Ordering, paginate
from portal.core.api.parameters import FIELDS, PAGED, page_of, query, sent
from portal.core.api.refusals import refusals_of
from portal.core.api.renderers import json_response
from portal.core.api.verbs import VerbView
from portal.core.data import clock
from portal.core.data.columns import longest
from portal.core.problems import Refused

from .base import READ, OnCallView
from .requests import WriteRotationSerializer, about, said_of_layer
from .serializers import RotationSerializer

ROW = RotationSerializer
BY_NAME = Ordering(("name",))
KEYS = (*BY_NAME.keys, "revision")
STATES = {
    CURRENT: Q(archived_at=None),
    "archived": Q(archived_at__isnull=False),
    "all": Q(),
}
LIST = [
    *FIELDS,
    state(STATES),
    query("owner", "Slug of the owner team; may be repeated.", many=True),
    query("service", "Slug of a service: what answers for it; may be repeated.", many=True),
    *PAGED,
]
CREATE = sent(
    "Weeks, and nights by somebody else",
    name="Databases",
    time_zone="Europe/Stockholm",
    layers=[{"name": "Week", "people": ["alice", "olga"], "starts_on": "2026-11-30"}],
)
CHANGE = sent("Another description", description="Orders and their replicas.")


class RotationsView(OnCallView):
    """Rows with their layers and services, each with its tag."""

    def shown(self, rows: list[tuple], names: tuple[str, ...]) -> list[dict]:
        read, keys = ROW.reader(ROW.usual(), KEYS), [row[1] for row in rows]
        layers, services = specified_of(keys), _services(keys)
        found = []
        for row in rows:
            pk, revision = row[1], row[2]
            whole = read(row)
            whole["layers"] = [said_of_layer(each) for each in layers[pk]]
            whole["services"] = services[pk]
            whole["etag"] = of_row(tag_of(pk, revision), whole)
            found.append({name: whole[name] for name in names})
        return found

    def one(self, pk: int, names: tuple[str, ...] = ROW.usual()) -> tuple[dict, str]:
        """These members, and the tag."""
        rows = list(ROW.values(Rotation.objects.filter(pk=pk), ROW.usual(), KEYS))
        (whole,) = self.shown(rows, ROW.usual())
        return {name: whole[name] for name in names}, whole["etag"]

    def answered(self, pk: int) -> HttpResponse:
        said, etag = self.one(pk)
        return json_response(said, headers={"ETag": etag})


def _services(keys: list[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {key: [] for key in keys}
    through = Rotation.services.through.objects.filter(rotation__in=keys)
    for key, slug in through.order_by("service__slug").values_list("rotation", "service__slug"):
        found[key].append(slug)
    return found


class Rotations(RotationsView):
    permissions: ClassVar[dict[str, str]] = {"GET": READ, "POST": "incidents.add_rotation"}

    @extend_schema(operation_id="rotations_list", parameters=LIST, responses=page_of(ROW))
    def get(self, request):
        """Rotations by name, with their layers."""
        params, names = request.query_params, ROW.chosen(request.query_params)
        refuse_strangers(params, owner=Team.objects.all(), service=Service.objects.all())
        rows = in_state(Rotation.objects.visible(request.user), params, STATES)
        rows = among(rows, params, owner="owner__slug")
        if slugs := params.getlist("service"):
            rows = rows.filter(pk__in=rows.answering(Service.objects.filter(slug__in=slugs)))
        page = paginate(ROW.values(rows, ROW.usual(), KEYS), BY_NAME, "rotations", params)
        return self.page(page, self.shown(page.rows, names))

    @extend_schema(
        operation_id="rotations_create",
        request=WriteRotationSerializer,
        responses={201: ROW},
        examples=CREATE,
    )
    def post(self, request):
        """Create one, with all its layers."""
        given = about(dict(self.checked(WriteRotationSerializer)))
        given.setdefault("slug", _slug(given["name"]))
        with refusals_of():
            made = Rotation.objects.make(by=request.user, at=clock.now(), **given)
        return self.made(self.one(made.pk)[0], reverse("api:rotation", args=[made.slug]))


def _slug(name: str) -> str:
    slug = slugify(name)[: longest(Rotation, "slug")].strip("-")
    if not slug:
        detail = "No slug can be made of this name: send one of letters, digits and hyphens."
        raise Refused(detail, pointer="/slug")
    return slug


class RotationDetail(RotationsView):
    permissions: ClassVar[dict[str, str]] = {"GET": READ, "PATCH": "incidents.change_rotation"}

    @extend_schema(operation_id="rotations_read", parameters=FIELDS, responses=ROW)
    def get(self, request, slug):
        """One rotation."""
        said, etag = self.one(self.rotation(slug).pk, ROW.chosen(request.query_params))
        return json_response(said, headers={"ETag": etag})

    @extend_schema(
        operation_id="rotations_change",
        request=WriteRotationSerializer(partial=True),
        parameters=IF_MATCH,
        responses=ROW,
        examples=CHANGE,
    )
    def patch(self, request, slug):
        """Change the members that you send; `layers` replaces all layers. The slug stays."""
        with transaction.atomic():
            row = self.locked(slug)
            require_match(request, row.etag, difference=row.get_absolute_url())
            given = about(dict(self.checked(WriteRotationSerializer, partial=True)))
            given.pop("slug", None)
            with refusals_of():
                row.change(given, by=request.user, at=clock.now())
        return self.answered(row.pk)


class OnRotation(VerbView, RotationsView):
    """A verb on one rotation."""

    permissions: ClassVar[dict[str, str]] = {"POST": "incidents.change_rotation"}
    operation = "rotations_{}"
    answers: ClassVar[type] = ROW

    def thing(self, slug):
        return self.locked(slug)

    def act(self, thing, **given):
        return getattr(thing, self.verb)(by=self.request.user, at=clock.now())

    def answer(self, thing, result):
        return self.answered(thing.pk)
