import pytest
from django.urls import path
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from drf_spectacular.validation import validate_schema
from rest_framework import serializers

from portal.core.api.deprecation import Deprecation
from portal.core.api.views import ApiView

IF_MATCH = OpenApiParameter("If-Match", str, OpenApiParameter.HEADER, required=True)


class Maker(serializers.Serializer):
    name = serializers.CharField()


class Thing(serializers.Serializer):
    name = serializers.CharField(help_text="What it is called here.")
    slug = serializers.CharField()
    address = serializers.URLField(allow_blank=True)
    colour = serializers.ChoiceField(choices=["red", "blue"], allow_null=True)
    made_by = Maker(allow_null=True)


class Row(Thing):
    pass


OF_END = ("Deprecation", "Sunset", "Link")  # of what will go


class Things(ApiView):
    permissions = {"GET": "x", "POST": "x"}

    @extend_schema(
        responses=Row(many=True),
        parameters=[OpenApiParameter("cursor", str), OpenApiParameter("fields", str)],
        examples=[OpenApiExample("Short", {"slug": "chair"}, response_only=True)],
    )
    def get(self, request):
        """All."""

    @extend_schema(request=Thing, responses={201: Thing})
    def post(self, request):
        """Make one."""


class OneThing(ApiView):
    permissions = {"GET": "x", "PATCH": "x"}
    deprecation = Deprecation(since=None, sunset=None)

    @extend_schema(responses=Thing)
    def get(self, request, slug):
        """One."""

    @extend_schema(request=Thing, responses=Thing, parameters=[IF_MATCH])
    def patch(self, request, slug):
        """Change it."""


class Act(ApiView):
    permissions = {"POST": "x"}

    @extend_schema(request=None, responses=Thing, parameters=[IF_MATCH])
    def post(self, request, slug):
        """Do it."""


ROUTES = [
    path("api/v1/things/", Things.as_view()),
    path("api/v1/things/<slug:slug>/", OneThing.as_view()),
    path("api/v1/things/<slug:slug>/act/", Act.as_view()),
]
ALWAYS = {"400", "401", "403", "406", "429", "500", "503"}


@pytest.fixture(scope="module")
def document():
    return SchemaGenerator(patterns=ROUTES).get_schema(request=None, public=True)


def operation(document, method, path=""):
    return document["paths"][f"/api/v1/things/{path}"][method]


def test_the_document_is_valid(document):
    validate_schema(document)


@pytest.mark.parametrize(
    ("method", "path", "statuses"),
    [
        ("get", "", {"200", "304"}),
        ("post", "", {"201", "408", "409", "412", "413", "415", "422", "507"}),
        ("get", "{slug}/", {"200", "304", "404"}),
        ("patch", "{slug}/", {"200", "404", "408", "409", "412", "413", "415", "428", "507"}),
        ("post", "{slug}/act/", {"200", "404", "409", "412", "413", "422", "428", "507"}),
    ],
)
def test_every_status_that_can_happen_is_declared(document, method, path, statuses):
    assert set(operation(document, method, path)["responses"]) == ALWAYS | statuses


def test_each_problem_is_described_once(document):
    responses = operation(document, "get")["responses"]

    assert responses["401"] == {"$ref": "#/components/responses/Problem401"}
    described = document["components"]["responses"]["Problem401"]
    assert list(described["content"]) == ["application/problem+json"]
    assert list(described["headers"]) == ["WWW-Authenticate", "X-Request-ID"]


def test_conditions_and_keys_are_parameters(document):
    def added(method, path=""):
        parameters = operation(document, method, path)["parameters"]
        return [each["$ref"].split("/")[-1] for each in parameters if "$ref" in each]

    assert added("get") == added("get", "{slug}/") == ["If-None-Match"]
    assert added("post") == ["Idempotency-Key"]
    assert added("patch", "{slug}/") == []


def test_headers_of_answers_are_declared(document):
    def headers(method, status, path=""):
        return set(operation(document, method, path)["responses"][status]["headers"])

    always = {"RateLimit", "RateLimit-Policy", "X-Request-ID"}
    assert headers("get", "200") == always | {"ETag", "Link"}
    assert headers("get", "304") == always | {"ETag"}
    assert headers("get", "200", "{slug}/") == always | {"ETag", *OF_END}
    assert headers("post", "201") == always | {"Idempotency-Replayed", "Location"}
    assert headers("patch", "200", "{slug}/") == always | {"ETag", *OF_END}


def members(document, name="Thing"):
    return document["components"]["schemas"][name]["properties"]


def test_members_are_described_once_by_name_or_by_their_serializer(document):
    assert members(document)["slug"]["description"] == "Its short name in addresses."
    assert members(document)["name"]["description"] == "What it is called here."


def test_parameters_of_the_path_name_what_they_are_of(document):
    slug, *_ = operation(document, "patch", "{slug}/")["parameters"][1:]

    assert (slug["name"], slug["description"]) == ("slug", "Slug of the thing.")


def test_an_address_that_may_be_empty_is_a_text(document):
    assert members(document)["address"]["type"] == "string"
    assert {"oneOf", "format"}.isdisjoint(members(document)["address"])


def test_null_is_a_value_of_an_enumeration_and_a_type_of_an_object(document):
    colour, made_by = members(document)["colour"], members(document)["made_by"]

    assert (colour["type"], colour["enum"]) == ("string", ["red", "blue", None])
    assert (made_by["type"], made_by["nullable"]) == ("object", True)
    assert "name" in made_by["properties"] and "$ref" not in str(made_by)  # a reference drops null
    assert {"ColourEnum", "Maker"}.isdisjoint(document["components"]["schemas"])  # unused then


def test_what_fields_may_leave_out_is_not_required(document):
    assert "required" not in document["components"]["schemas"]["Row"]
    assert "slug" in document["components"]["schemas"]["Thing"]["required"]


def test_every_answer_has_an_example_that_is_whole(document):
    content = operation(document, "get")["responses"]["200"]["content"]["application/json"]
    (short,) = content["examples"]["Short"]["value"]
    made = operation(document, "post")["responses"]["201"]["content"]["application/json"]

    assert short == made["example"] | {"slug": "chair"}
    assert made["example"]["address"] == "https://mail.example.org"


def test_a_route_that_will_go_is_marked(document):
    assert operation(document, "get", "{slug}/")["deprecated"] is True
    assert "deprecated" not in operation(document, "get")


def test_both_ways_to_sign_in_are_declared(document):
    assert {"token": []} in operation(document, "get")["security"]
    assert {"session": []} in operation(document, "get")["security"]
    assert set(document["components"]["securitySchemes"]) == {"token", "session"}
