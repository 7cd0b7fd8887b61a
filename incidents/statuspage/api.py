"""The status page through the API: open to everybody if the page is."""

from django.conf import settings
from drf_spectacular.utils import extend_schema
from rest_framework import serializers

from incidents.models import Moment
from portal.core.api.answers import AnsweringView
from portal.core.api.renderers import json_response
from portal.core.api.views import READING
from portal.core.data import clock

from .page import StatusPage, Told
from .states import State

STATES = [each.name_in_api for each in State]


class ComponentSerializer(serializers.Serializer):
    """A part of the product by the name that people outside know."""

    name = serializers.CharField()
    state = serializers.ChoiceField(choices=STATES, help_text="As it stands now.")


class StatusMessageSerializer(serializers.Serializer):
    """What customers were told."""

    moment = serializers.ChoiceField(choices=Moment.choices, help_text="When in the incident.")
    text = serializers.CharField(help_text="As it was sent.")
    sent_at = serializers.DateTimeField(help_text="When.")


class StatusIncidentSerializer(serializers.Serializer):
    """An open incident, as customers were told of it."""

    headline = serializers.CharField(help_text="Subject of the first message.")
    started_at = serializers.DateTimeField(help_text="Since when.")
    next_update_at = serializers.DateTimeField(
        allow_null=True, help_text="When more is said at the latest; null: not known."
    )
    messages = StatusMessageSerializer(many=True, help_text="The newest first.")


class StatusSerializer(serializers.Serializer):
    """What everybody may know of how the product works."""

    state = serializers.ChoiceField(choices=STATES, help_text="The worst of all components.")
    components = ComponentSerializer(many=True, help_text="In the order of the page.")
    incidents = StatusIncidentSerializer(many=True, help_text="Those that are open.")


class Status(AnsweringView):
    area = "incidents"
    permissions = {"GET": "incidents.view_incident"}

    def sign_in(self, request) -> None:
        """Nobody has to where the page is public: it says the same to all."""
        if not self._is_open(request):
            super().sign_in(request)

    def caller(self, request) -> str:
        if self._is_open(request):
            return f"a{request.META.get('REMOTE_ADDR', '')}"
        return super().caller(request)

    def permit(self, request) -> None:
        if not (request.method in READING and self._is_open(request)):
            super().permit(request)

    @staticmethod
    def _is_open(request) -> bool:
        given = "HTTP_AUTHORIZATION" in request.META or settings.SESSION_COOKIE_NAME in (
            request.COOKIES
        )
        return settings.PUBLIC_STATUS and not given

    @extend_schema(operation_id="status_read", responses=StatusSerializer)
    def get(self, request):
        """Components and open incidents: what customers were told, and nothing else."""
        page = StatusPage(clock.now(), public=True)
        return json_response(
            {
                "state": page.state.name_in_api,
                "components": [
                    {"name": str(line.component), "state": line.state.name_in_api}
                    for line in page.lines
                ],
                "incidents": [_said(each) for each in page.current],
            }
        )


def _said(told: Told) -> dict:
    return {
        "headline": told.headline,
        "started_at": told.incident.declared_at,
        "next_update_at": told.next_update,
        "messages": [
            {"moment": each.moment, "text": each.public_text, "sent_at": each.sent_at}
            for each in told.messages
        ],
    }
