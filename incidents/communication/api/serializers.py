"""What the API says of communications and templates, and takes."""

from django.db.models import CharField, Count, F, IntegerField, OuterRef, Subquery, Value
from django.db.models.functions import Cast, Coalesce, Concat
from django.urls import reverse
from rest_framework import serializers

from incidents.models import (
    AudienceName,
    CommunicationState,
    CommunicationTemplate,
    Moment,
)
from incidents.models.communication_templates import LONGEST_SUBJECT, LONGEST_TEXT
from incidents.models.communication_templates import tag_of as tag_of_template
from incidents.models.communications import KEY, tag_of
from portal.accounts.api.people import names_of, shown_name
from portal.core.api.rows import TaggedRow, member
from portal.core.api.slugs import KnownSlugField
from portal.core.web.address import absolute
from portal.notifications.models import Delivery, DeliveryState

ON_THE_WAY = (DeliveryState.WAITING, DeliveryState.SENDING)


def _url(incident: int, pk: int) -> str:
    return absolute(reverse("incidents:communication", args=[incident, pk]))


def _template_url(slug: str) -> str:
    return absolute(reverse("incidents:communication-template", args=[slug]))


def _counted(**wanted):
    """How many deliveries of a communication there are of these."""
    rows = Delivery.objects.filter(key=OuterRef("delivery_key"), **wanted).order_by()
    counts = rows.values("key").annotate(count=Count("pk")).values("count")
    return Coalesce(Subquery(counts, output_field=IntegerField()), 0)


class RecipientsSerializer(serializers.Serializer):
    """To whom it went: names and addresses, and how many subscribers of the status page."""

    people = serializers.ListField(child=serializers.CharField(), help_text="Their names.")
    channels = serializers.ListField(child=serializers.CharField(), help_text="Their names.")
    addresses = serializers.ListField(
        child=serializers.EmailField(), help_text="Of the audience, beside people."
    )
    subscribers = serializers.IntegerField(help_text="Of the status page.")


def _recipients(noted: dict) -> dict | None:
    return noted or None


class CommunicationSerializer(TaggedRow):
    """One message about an incident to one audience."""

    id = member(serializers.IntegerField(), "pk")
    incident = member(serializers.IntegerField(help_text="Number of the incident."), "incident_id")
    audience = member(
        serializers.ChoiceField(choices=AudienceName.choices, help_text="Who is told."), "audience"
    )
    moment = member(
        serializers.ChoiceField(choices=Moment.choices, help_text="When in the incident."), "moment"
    )
    state = member(
        serializers.ChoiceField(choices=CommunicationState.choices, help_text="How far it is."),
        "state",
    )
    subject = member(serializers.CharField(help_text="Filled in once it is sent."), "subject")
    internal_text = member(
        serializers.CharField(help_text="What colleagues read."), "internal_text"
    )
    public_text = member(
        serializers.CharField(help_text="What customers, partners and the status page get."),
        "public_text",
    )
    values = member(
        serializers.DictField(
            child=serializers.CharField(), help_text="What the author typed, by variable."
        ),
        "values",
    )
    template = member(
        serializers.CharField(allow_null=True, help_text="Slug of the template; null: none."),
        "template__slug",
    )
    template_revision = member(
        serializers.IntegerField(allow_null=True, help_text="As it was then."), "template_revision"
    )
    author = member(
        serializers.CharField(allow_null=True, help_text="User name; null: who has left."),
        "author__username",
    )
    author_name = member(
        serializers.CharField(allow_null=True, help_text="As colleagues know them."),
        *names_of("author"),
        made=shown_name,
    )
    approver = member(
        serializers.CharField(
            allow_null=True,
            help_text="User name; null: nobody has. The author: sent without a second person.",
        ),
        "approver__username",
    )
    approver_name = member(
        serializers.CharField(allow_null=True, help_text="As colleagues know them."),
        *names_of("approver"),
        made=shown_name,
    )
    reason = member(serializers.CharField(help_text="Why it was sent back."), "reason")
    created_at = member(serializers.DateTimeField(), "created_at")
    submitted_at = member(
        serializers.DateTimeField(allow_null=True, help_text="When approval was asked for."),
        "submitted_at",
    )
    decided_at = member(
        serializers.DateTimeField(allow_null=True, help_text="When it was approved or sent back."),
        "decided_at",
    )
    sent_at = member(serializers.DateTimeField(allow_null=True, help_text="When."), "sent_at")
    recipients = member(
        RecipientsSerializer(allow_null=True, help_text="Null: it was not sent."),
        "recipients",
        made=_recipients,
    )
    arrived = member(serializers.IntegerField(help_text="Deliveries that were taken."), "arrived")
    failed = member(serializers.IntegerField(help_text="Deliveries that failed."), "failed")
    on_the_way = member(
        serializers.IntegerField(help_text="Deliveries that are waiting or being sent."),
        "on_the_way",
    )
    etag = member(serializers.CharField(), "pk", "revision", made=tag_of)
    url = member(
        serializers.CharField(help_text="The page for people."), "incident_id", "pk", made=_url
    )

    @classmethod
    def annotated(cls, rows):
        key = Concat(Value(KEY), Cast(F("pk"), CharField()), output_field=CharField())
        return rows.annotate(delivery_key=key).annotate(
            arrived=_counted(state=DeliveryState.SENT),
            failed=_counted(state=DeliveryState.FAILED),
            on_the_way=_counted(state__in=ON_THE_WAY),
        )


class ChangeCommunicationSerializer(serializers.Serializer):
    """Texts with variables as `{{ name }}`, and what only the author knows for them."""

    subject = serializers.CharField(max_length=LONGEST_SUBJECT, help_text="One line.")
    internal_text = serializers.CharField(
        max_length=LONGEST_TEXT, allow_blank=True, help_text="What colleagues read."
    )
    public_text = serializers.CharField(
        max_length=LONGEST_TEXT,
        allow_blank=True,
        help_text="What customers, partners and the status page get.",
    )
    values = serializers.DictField(
        child=serializers.CharField(allow_blank=True, trim_whitespace=False),
        help_text="By variable; what the incident says itself may be left out.",
    )


class NewCommunicationSerializer(serializers.Serializer):
    """Texts that are not sent come from the template: the usual one if none is named."""

    audience = serializers.ChoiceField(choices=AudienceName.choices, help_text="Who is told.")
    moment = serializers.ChoiceField(
        choices=Moment.choices,
        required=False,
        help_text="Not given: that of the template, or what comes next.",
    )
    template = KnownSlugField(
        queryset=CommunicationTemplate.objects.all(),
        slug_field="slug",
        required=False,
        help_text="Slug of a template of this audience and moment.",
    )
    subject = serializers.CharField(max_length=LONGEST_SUBJECT, required=False)
    internal_text = serializers.CharField(
        max_length=LONGEST_TEXT, allow_blank=True, required=False, help_text="For colleagues."
    )
    public_text = serializers.CharField(
        max_length=LONGEST_TEXT, allow_blank=True, required=False, help_text="For everybody."
    )
    values = serializers.DictField(
        child=serializers.CharField(allow_blank=True, trim_whitespace=False),
        required=False,
        help_text="By variable; what the incident says itself may be left out.",
    )


class SendBackSerializer(serializers.Serializer):
    """What has to change before it may be sent."""

    reason = serializers.CharField(max_length=1000)


class CommunicationTemplateSerializer(TaggedRow):
    """What one audience is told at one moment, with places for what differs each time."""

    slug = member(serializers.CharField(), "slug")
    audience = member(
        serializers.ChoiceField(choices=AudienceName.choices, help_text="Who is told."), "audience"
    )
    moment = member(
        serializers.ChoiceField(choices=Moment.choices, help_text="When in the incident."), "moment"
    )
    subject = member(serializers.CharField(), "subject")
    internal_text = member(
        serializers.CharField(help_text="What colleagues read."), "internal_text"
    )
    public_text = member(
        serializers.CharField(help_text="What customers, partners and the status page get."),
        "public_text",
    )
    revision = member(serializers.IntegerField(help_text="How often it was changed."), "revision")
    etag = member(serializers.CharField(), "pk", "revision", made=tag_of_template)
    url = member(
        serializers.CharField(help_text="The page for people."), "slug", made=_template_url
    )


class ChangeCommunicationTemplateSerializer(serializers.Serializer):
    """Texts with variables as `{{ name }}`; unknown ones are refused."""

    subject = serializers.CharField(max_length=LONGEST_SUBJECT, help_text="One line.")
    internal_text = serializers.CharField(
        max_length=LONGEST_TEXT,
        allow_blank=True,
        required=False,
        help_text="What colleagues read.",
    )
    public_text = serializers.CharField(
        max_length=LONGEST_TEXT,
        allow_blank=True,
        required=False,
        help_text="What customers, partners and the status page get.",
    )


class NewCommunicationTemplateSerializer(ChangeCommunicationTemplateSerializer):
    """One for an audience and a moment; several are possible."""

    slug = serializers.SlugField(max_length=60, help_text="Its name in addresses.")
    audience = serializers.ChoiceField(choices=AudienceName.choices, help_text="Who is told.")
    moment = serializers.ChoiceField(choices=Moment.choices, help_text="When in the incident.")
