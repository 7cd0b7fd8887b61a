"""Communications: read, write, approve, send."""

from typing import Any, ClassVar

from django.db import transaction
from django.urls import reverse
from drf_spectacular.utils import extend_schema

from incidents.models import Communication, CommunicationTemplate, Incident
from portal.accounts.api.idempotency import Idempotent
from portal.core.api.answers import AnsweringView
from portal.core.api.etags import IF_MATCH, require_match
from portal.core.api.pagination import Ordering
from portal.core.api.parameters import FIELDS, PAGED, page_of, sent
from portal.core.api.refusals import refusals_of
from portal.core.api.verbs import VerbView
from portal.core.data import clock

from . import serializers

ROW, TEMPLATE = serializers.CommunicationSerializer, serializers.CommunicationTemplateSerializer
NEWEST_FIRST = Ordering(("created_at",), descending=True)
BY_SLUG = Ordering(("slug",))
WORK = "incidents.change_incident"
NEW = sent(
    "A first notice to responders, from the template",
    audience="responders",
    values={"impact": "One in ten card payments is refused"},
)
REVISED = sent("Another value", values={"impact": "One in five card payments is refused"})
REASON = sent("It says too much", reason="No data is lost: leave that out.")
NEW_TEMPLATE = sent(
    "A short notice for partners",
    slug="partners-short-notice",
    audience="partners",
    moment="notice",
    subject="{{ incident }}: {{ services }}",
    public_text="{{ impact }}. Next update: {{ next_update }}.",
)
CHANGED_TEMPLATE = sent("Another subject", subject="{{ incident }}: problem with {{ services }}")


class CommunicationView(Idempotent, AnsweringView):
    area = "incidents"
    permissions = {"GET": "incidents.view_incident"}

    def incident(self, number: int) -> Incident:
        return self.found(Incident.objects.visible(self.request.user), pk=number)

    def rows(self, number: int):
        incidents = Incident.objects.visible(self.request.user).filter(pk=number)
        return Communication.objects.filter(incident__in=incidents)


class Communications(CommunicationView):
    permissions = {"GET": "incidents.view_incident", "POST": WORK}

    @extend_schema(
        operation_id="communications_list", parameters=[*FIELDS, *PAGED], responses=page_of(ROW)
    )
    def get(self, request, number):
        """What was written for an incident, the newest first."""
        self.incident(number)
        return self.listed(ROW, self.rows(number), NEWEST_FIRST, "communications")

    @extend_schema(
        operation_id="communications_draft",
        request=serializers.NewCommunicationSerializer,
        responses={201: ROW},
        examples=NEW,
    )
    def post(self, request, number):
        """Write a draft. Nobody is told until it is sent."""
        incident, given = self.incident(number), dict(self.checked(_NEW))
        audience = given.pop("audience")
        template = given.pop("template", None)
        usual = template.moment if template else None
        usual = usual or Communication.objects.moment_for(incident, audience)
        moment = given.pop("moment", usual)
        template = template or CommunicationTemplate.objects.usual(audience, moment)
        with refusals_of():
            row = Communication.objects.draft(
                incident,
                audience=audience,
                moment=moment,
                template=template,
                by=request.user,
                at=clock.now(),
                **given,
            )
        address = reverse("api:communication", args=[number, row.pk])
        return self.made(self.single(ROW, self.rows(number), pk=row.pk), address)


_NEW = serializers.NewCommunicationSerializer


class CommunicationDetail(CommunicationView):
    permissions = {"GET": "incidents.view_incident", "PATCH": WORK}

    @extend_schema(operation_id="communications_read", parameters=FIELDS, responses=ROW)
    def get(self, request, number, pk):
        """One message."""
        rows = self.rows(number).filter(pk=pk)
        return self.tagged(ROW, rows, names=ROW.chosen(request.query_params))

    @extend_schema(
        operation_id="communications_change",
        request=serializers.ChangeCommunicationSerializer(partial=True),
        parameters=IF_MATCH,
        responses=ROW,
        examples=REVISED,
    )
    def patch(self, request, number, pk):
        """Change the texts or values of a draft, or of what was sent back."""
        with transaction.atomic():
            row = self.found(self.rows(number).select_related("incident"), pk=pk)
            row.take_turn()
            tag = self.single(ROW, self.rows(number), pk=pk)["etag"]
            require_match(request, row.etag, tag, difference=row.get_absolute_url())
            given = dict(self.checked(serializers.ChangeCommunicationSerializer, partial=True))
            values = given.pop("values", row.values)
            with refusals_of():
                row.revise(given, values, by=request.user)
        return self.tagged(ROW, self.rows(number).filter(pk=pk))


class OnCommunication(VerbView, CommunicationView):
    """A verb on one message."""

    permissions: ClassVar[dict[str, str]] = {"POST": WORK}
    operation = "communications_{}"
    answers: ClassVar[Any] = ROW

    def thing(self, number, pk):
        self.number = number
        return self.found(self.rows(number).select_related("incident"), pk=pk)

    def tags(self, thing) -> tuple[str, ...]:
        return (thing.etag, self.single(ROW, self.rows(self.number), pk=thing.pk)["etag"])

    def answer(self, thing, result):
        return self.tagged(ROW, self.rows(self.number).filter(pk=thing.pk))


class TemplateView(Idempotent, AnsweringView):
    area = "incidents"
    permissions = {"GET": "incidents.view_communicationtemplate"}

    def rows(self):
        return CommunicationTemplate.objects.visible(self.request.user)


class CommunicationTemplates(TemplateView):
    permissions = {
        "GET": "incidents.view_communicationtemplate",
        "POST": "incidents.add_communicationtemplate",
    }

    @extend_schema(
        operation_id="communication_templates_list",
        parameters=[*FIELDS, *PAGED],
        responses=page_of(TEMPLATE),
    )
    def get(self, request):
        """All templates, by slug."""
        return self.listed(TEMPLATE, self.rows(), BY_SLUG, "communication-templates")

    @extend_schema(
        operation_id="communication_templates_create",
        request=serializers.NewCommunicationTemplateSerializer,
        responses={201: TEMPLATE},
        examples=NEW_TEMPLATE,
    )
    def post(self, request):
        """Write one more."""
        given = self.checked(serializers.NewCommunicationTemplateSerializer)
        with refusals_of():
            row = CommunicationTemplate.objects.add(by=request.user, **given)
        address = reverse("api:communication-template", args=[row.slug])
        return self.made(self.single(TEMPLATE, self.rows(), pk=row.pk), address)


class CommunicationTemplateDetail(TemplateView):
    permissions = {
        "GET": "incidents.view_communicationtemplate",
        "PATCH": "incidents.change_communicationtemplate",
    }

    @extend_schema(operation_id="communication_templates_read", responses=TEMPLATE)
    def get(self, request, slug):
        """One template."""
        return self.tagged(TEMPLATE, self.rows().filter(slug=slug))

    @extend_schema(
        operation_id="communication_templates_change",
        request=serializers.ChangeCommunicationTemplateSerializer(partial=True),
        parameters=IF_MATCH,
        responses=TEMPLATE,
        examples=CHANGED_TEMPLATE,
    )
    def patch(self, request, slug):
        """Change its texts. What was written with it stays as it is."""
        with transaction.atomic():
            row = self.found(self.rows().select_for_update(), slug=slug)
            require_match(request, row.etag, difference=row.get_absolute_url())
            given = self.checked(serializers.ChangeCommunicationTemplateSerializer, partial=True)
            with refusals_of():
                row.change(given, by=request.user)
        return self.tagged(TEMPLATE, self.rows().filter(slug=slug))
