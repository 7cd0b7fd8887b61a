"""What the API says of deliveries."""

from rest_framework import serializers

from portal.accounts.api.people import names_of, shown_name
from portal.core.api.rows import Row, member
from portal.notifications.models import DeliveryState


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
