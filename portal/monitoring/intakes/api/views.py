"""Intakes: read, make, revoke."""

from typing import Any, ClassVar

from django.urls import reverse
from drf_spectacular.utils import extend_schema

from portal.accounts.api.idempotency import Idempotent
from portal.core.api.answers import AnsweringView
from portal.core.api.pagination import Ordering
from portal.core.api.parameters import FIELDS, PAGED, page_of, sent
from portal.core.api.renderers import json_response
from portal.core.api.verbs import VerbView
from portal.monitoring.models import Intake

from .serializers import IntakeSerializer, MadeIntakeSerializer, NewIntakeSerializer

ROW = IntakeSerializer
BY_NAME = Ordering(("name",))
NEW = sent("An Alertmanager", name="Prometheus eu1", kind="alertmanager")


class IntakesView(Idempotent, AnsweringView):
    area = "monitoring"
    secrets = ("key", "address", "secret")
    permissions = {"GET": "monitoring.view_intake"}

    def shown(self, pk: int, names: tuple[str, ...] | None = None) -> dict:
        return self.single(ROW, Intake.objects.visible(self.request.user), names, pk=pk)


class IntakeList(IntakesView):
    permissions = {"GET": "monitoring.view_intake", "POST": "monitoring.add_intake"}

    @extend_schema(
        operation_id="intakes_list", parameters=[*FIELDS, *PAGED], responses=page_of(ROW)
    )
    def get(self, request):
        """Where tools send alerts to, by name; revoked ones, too."""
        return self.listed(ROW, Intake.objects.visible(request.user), BY_NAME, "intakes")

    @extend_schema(
        operation_id="intakes_make",
        request=NewIntakeSerializer,
        responses={201: MadeIntakeSerializer},
        examples=NEW,
    )
    def post(self, request):
        """Make one. Its key is in this answer and nowhere else."""
        given = dict(self.checked(NewIntakeSerializer))
        intake, key = Intake.objects.make(
            given.pop("name"), given.pop("kind"), by=request.user, **given
        )
        secret = intake.secret if intake.is_signed else ""
        made = {"key": key, "address": intake.address(key), "secret": secret}
        return self.made(self.shown(intake.pk) | made, reverse("api:intake", args=[intake.pk]))


class IntakeDetail(IntakesView):
    @extend_schema(operation_id="intakes_read", parameters=FIELDS, responses=ROW)
    def get(self, request, pk):
        """One intake."""
        return json_response(self.shown(pk, ROW.chosen(request.query_params)))


class OnIntake(VerbView, IntakesView):
    """A verb on one intake."""

    operation = "intake_{}"
    answers: ClassVar[Any] = ROW

    def thing(self, pk):
        return self.found(Intake.objects.visible(self.request.user), pk=pk)

    def answer(self, thing, result):
        return json_response(self.shown(thing.pk))
