"""What the API says of deliveries."""

from rest_framework import serializers

from portal.notifications.models import DeliveryState


class DeliverySerializer(serializers.Serializer):
    """A message and what became of it."""

    id = serializers.IntegerField()
    key = serializers.CharField(help_text="The event that it tells of.")
    to = serializers.CharField(allow_blank=True, help_text="Empty: the person has no address.")
    recipient = serializers.CharField(
        allow_null=True, help_text="Name of the person, if it is one."
    )
    subject = serializers.CharField()
    text = serializers.CharField(allow_blank=True, help_text="Empty: removed, as it is old.")
    state = serializers.ChoiceField(choices=DeliveryState.choices)
    attempts = serializers.IntegerField(min_value=0)
    last_error = serializers.CharField(allow_blank=True)
    created_at = serializers.DateTimeField()
    due_at = serializers.DateTimeField(help_text="The next attempt, or the last one.")
    sent_at = serializers.DateTimeField(allow_null=True)


class DeliveryPageSerializer(serializers.Serializer):
    """Follow `next` to the end."""

    results = DeliverySerializer(many=True)
    next = serializers.CharField(allow_null=True)
    previous = serializers.CharField(allow_null=True)
