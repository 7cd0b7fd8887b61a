"""What operations of all apps say alike in the document: query names, pages, examples."""

from functools import lru_cache

from drf_spectacular.utils import OpenApiExample, OpenApiParameter, inline_serializer
from rest_framework import serializers

from .pagination import DEFAULT, MOST


def query(name: str, description: str, **more) -> OpenApiParameter:
    """A name of the query string; a view refuses those that its document does not know."""
    return OpenApiParameter(name, str, OpenApiParameter.QUERY, description=description, **more)


def number(name: str, description: str, **more) -> OpenApiParameter:
    return OpenApiParameter(name, int, OpenApiParameter.QUERY, description=description, **more)


FIELDS = [
    query("fields", "Only these members, separated by commas."),
    query("omit", "All members but these, separated by commas."),
]
LIMIT = number("limit", f"1 to {MOST}; {DEFAULT} if not given.")
CURSOR = query("cursor", "Where to continue: follow `next` or `previous` instead of making one.")
PAGED = [LIMIT, CURSOR]


@lru_cache(maxsize=256)
def page_of(serializer: type[serializers.Serializer]) -> serializers.Serializer:
    """The envelope of every list."""
    return _page_of(serializer, {})


@lru_cache(maxsize=256)
def page_with_deleted(serializer: type[serializers.Serializer]) -> serializers.Serializer:
    """The envelope, with the slugs of what was deleted where somebody asks what changed."""
    gone = serializers.ListField(
        child=serializers.CharField(),
        required=False,
        help_text="With `changed_since`: the slugs of what was deleted since.",
    )
    return _page_of(serializer, {"deleted": gone})


def _page_of(serializer, more: dict[str, serializers.Field]) -> serializers.Serializer:
    name = serializer.__name__.removesuffix("Serializer")
    return inline_serializer(f"{name}Page", members_of_page(serializer) | more)


def members_of_page(serializer: type[serializers.Serializer]) -> dict[str, serializers.Field]:
    return {
        "results": serializer(many=True),
        "next": serializers.CharField(allow_null=True, help_text="The page after this one."),
        "previous": serializers.CharField(allow_null=True, help_text="The page before."),
    }


def sent(name: str, /, **body) -> list[OpenApiExample]:
    """The example of a request."""
    return [OpenApiExample(name, value=body, request_only=True, media_type="application/json")]


def answered(name: str, value) -> list[OpenApiExample]:
    """The example of an answer."""
    example = OpenApiExample(
        name,
        value=value,
        response_only=True,
        media_type="application/json",
        status_codes=["200"],
    )
    return [example]
