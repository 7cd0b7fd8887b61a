"""Intakes: read, make, revoke."""

from typing import Any, ClassVar

from django.db import transaction
from django.urls import reverse
from drf_spectacular.utils import extend_schema

from portal.accounts.api.idempotency import Idempotent
from portal.core.api.answers import AnsweringView
from portal.core.api.etags import IF_MATCH, require_match
from portal.core.api.pagination import Ordering
from portal.core.api.parameters import FIELDS, PAGED, page_of, sent
from portal.core.api.renderers import json_response
from portal.core.api.verbs import VerbView
from portal.monitoring.intakes.configuration import configuration_of
from portal.monitoring.models import Intake

from .serializers import (
    ChangeIntakeSerializer,
    IntakeConfigurationSerializer,
    IntakeSerializer,
    MadeIntakeSerializer,
    NewIntakeSerializer,
    ReceivedSerializer,
)

ROW = IntakeSerializer
BY_NAME = Ordering(("name",))
NEWEST_FIRST = Ordering(("at",), descending=True)
RENAMED = sent("Another name", name="Prometheus eu2")
NEW = sent("An Alertmanager", name="Prometheus eu1", kind="alertmanager")


class IntakesView(Idempotent, AnsweringView):
    area = "monitoring"
    secrets = ("key", "address", "secret")
    permissions = {"GET": "monitoring.view_intake"}

    def intake(self, pk: int):
        """The query of one."""
        return Intake.objects.visible(self.request.user).filter(pk=pk)

    def with_secrets(self, intake: Intake, key: str | None) -> dict:
        """With a new key, or with a new secret alone."""
        address = intake.address(key) if key else None
        secret = intake.secret if intake.is_signed else ""
        made = {"key": key, "address": address, "secret": secret}
        return self.single(ROW, self.intake(intake.pk)) | made


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
        address = reverse("api:intake", args=[intake.pk])
        return self.made(self.with_secrets(intake, key), address)


class IntakeDetail(IntakesView):
    permissions = {"GET": "monitoring.view_intake", "PATCH": "monitoring.change_intake"}

    @extend_schema(operation_id="intakes_read", parameters=FIELDS, responses=ROW)
    def get(self, request, pk):
        """One intake."""
        return self.tagged(ROW, self.intake(pk), names=ROW.chosen(request.query_params))

    @extend_schema(
        operation_id="intakes_change",
        request=ChangeIntakeSerializer(partial=True),
        parameters=IF_MATCH,
        responses=ROW,
        examples=RENAMED,
    )
    def patch(self, request, pk):
        """Change the members that you send; its kind, its key and its alerts stay."""
        with transaction.atomic():
            intake = self.found(self.intake(pk).select_for_update())
            require_match(request, intake.etag, difference=intake.get_absolute_url())
            given = self.checked(ChangeIntakeSerializer, partial=True)
            intake.change(by=request.user, **given)
        return self.tagged(ROW, self.intake(pk))


class ConfigurationView(IntakesView):
    @extend_schema(
        operation_id="intakes_configuration", responses=page_of(IntakeConfigurationSerializer)
    )
    def get(self, request, pk):
        """What is pasted into the tool, so that its alerts come here."""
        parts = configuration_of(self.found(self.intake(pk)))
        return self.computed([part._asdict() for part in parts], "configuration")


class ReceivedList(IntakesView):
    permissions = {"GET": "monitoring.view_received"}

    @extend_schema(
        operation_id="intakes_received",
        parameters=[*FIELDS, *PAGED],
        responses=page_of(ReceivedSerializer),
    )
    def get(self, request, pk):
        """What came in, the newest first; `fields=…,body` has it as it came, too."""
        rows = self.found(self.intake(pk)).received.all()
        return self.listed(ReceivedSerializer, rows, NEWEST_FIRST, "received")


class OnIntake(VerbView, IntakesView):
    """A verb on one intake."""

    operation = "intake_{}"
    answers: ClassVar[Any] = ROW

    def thing(self, pk):
        return self.found(self.intake(pk))

    def answer(self, thing, result):
        return self.tagged(ROW, self.intake(thing.pk))


class Renew(OnIntake):
    """A new key, or a new secret, which is shown this once."""

    answers = MadeIntakeSerializer

    def answer(self, thing, result):
        key = result if self.verb == "renew_key" else None
        said = self.with_secrets(thing, key)
        return json_response(said, headers={"ETag": said["etag"]})
