"""Where everything is: the first address of the API."""

from typing import ClassVar

from django.urls import URLPattern
from drf_spectacular.utils import extend_schema
from rest_framework import serializers

from portal.core.web.address import absolute

from .renderers import json_response
from .views import ApiView

BASE = "/api/v1/"


class RootSerializer(serializers.Serializer):
    version = serializers.CharField(help_text="Of the API: the number in its addresses.")
    documentation = serializers.CharField(help_text="The page for people.")
    schema = serializers.CharField(help_text="The OpenAPI document for tools.")
    addresses = serializers.DictField(
        child=serializers.CharField(),
        help_text="Each by its name; what stands in braces is to be filled in (RFC 6570).",
    )


class Root(ApiView):
    permissions = {"GET": "signed-in"}
    any_scope = True
    routes: ClassVar[list[URLPattern]] = []

    @extend_schema(operation_id="root", responses=RootSerializer)
    def get(self, request):
        """Where everything is."""
        found = {route.name: absolute(BASE + template_of(route)) for route in self.routes}
        answer = {
            "version": "1",
            "documentation": absolute("/api/"),
            "schema": absolute("/api/schema/"),
            "addresses": found,
        }
        return json_response(answer)


def template_of(route: URLPattern) -> str:
    """The address with `{name}` where an argument stands."""
    text = str(route.pattern)
    for name in route.pattern.converters:
        start, end = text.index("<"), text.index(">")
        said = "id" if name == "pk" else name  # as the document names it
        text = f"{text[:start]}{{{said}}}{text[end + 1 :]}"
    return text
