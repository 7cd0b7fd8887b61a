"""What the API says of deliveries."""

from django.urls import reverse
from rest_framework import serializers

from portal.accounts.api.people import names_of, shown_name
from portal.core.api.rows import Row, member
from portal.core.web.address import absolute
from portal.notifications.models import DeliveryState, Urgency


def _url(pk: int) -> str:
    return absolute(reverse("notifications:delivery", args=[pk]))


class DeliverySerializer(Row):
    """A message and what became of it."""

    id = member(serializers.IntegerField(), "pk")
    recipient = member(
        serializers.CharField(allow_null=True, help_text="Name of the person, if it is one."),
        "recipient__username",
    )
    recipient_name = member(
        serializers.CharField(allow_null=True, help_text="As colleagues know them."),
        *names_of("recipient"),
        made=shown_name,
    )
    key = member(serializers.CharField(help_text="The event that it tells of."), "key")
    to = member(
        serializers.CharField(allow_blank=True, help_text="Empty: the person has no address."),
        "to",
    )
    channel = member(
        serializers.CharField(allow_null=True, help_text="Slug of the channel, if it is one."),
        "channel__slug",
    )
    contact_method = member(
        serializers.IntegerField(
            allow_null=True,
            help_text="Id of the contact method that it goes by; null: the address in the "
            "profile, or no person.",
        ),
        "contact_method_id",
    )
    transport = member(
        serializers.CharField(help_text="How it goes: `mail`, `webhook` or `service`."), "transport"
    )
    kind = member(
        serializers.CharField(allow_blank=True, help_text="What sort of message it is, if named."),
        "kind",
    )
    urgency = member(
        serializers.ChoiceField(choices=Urgency.choices, help_text="What is high is sent first."),
        "urgency",
    )
    subject = member(serializers.CharField(), "subject")
    text = member(
        serializers.CharField(allow_blank=True, help_text="Empty: removed, as it is old."), "text"
    )
    state = member(serializers.ChoiceField(choices=DeliveryState.choices), "state")
    attempts = member(serializers.IntegerField(min_value=0), "attempts")
    last_error = member(serializers.CharField(allow_blank=True), "last_error")
    created_at = member(serializers.DateTimeField(), "created_at")
    due_at = member(
        serializers.DateTimeField(help_text="The next attempt, or the last one."), "due_at"
    )
    sent_at = member(serializers.DateTimeField(allow_null=True), "sent_at")
    url = member(serializers.CharField(help_text="The page for people."), "pk", made=_url)


class AttemptSerializer(serializers.Serializer):
    """One time that it was handed over."""

    number = serializers.IntegerField(help_text="Since it was queued, or queued again.")
    began_at = serializers.DateTimeField(help_text="When it began.")
    seconds = serializers.FloatField(help_text="How long it took.")
    answer = serializers.CharField(
        allow_blank=True, help_text="What the other side said: a status, or a line of mail."
    )
    error = serializers.CharField(allow_blank=True, help_text="Empty: it was taken.")


class DeliveryWithAttemptsSerializer(DeliverySerializer):
    """A message with every attempt to send it."""

    message_id = serializers.CharField(
        allow_blank=True,
        help_text="By which the receiver recognises a duplicate: `Message-ID` or `webhook-id`.",
    )
    next_attempt_at = serializers.DateTimeField(
        allow_null=True, help_text="When it is tried next; null: it has ended, or is being sent."
    )
    history = AttemptSerializer(many=True, help_text="The attempts, the first one first.")
