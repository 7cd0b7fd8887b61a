"""Parameters and examples of the API document. A test executes every example."""

import re

from drf_spectacular.utils import (
    OpenApiExample,
    OpenApiParameter,
    OpenApiResponse,
    inline_serializer,
)
from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from runbooks.models import Kind, RunState, Section

TEXT_MEMBER = {"text/markdown": "text", "text/html": "html"}
NUMBER = re.compile(r'"v(\d{1,9})-')


def bad(parameter: str, detail: str) -> ValidationError:
    return ValidationError({parameter: detail})


def sent_number(request) -> int:
    """The number of the version that If-Match names; 0 if it names none."""
    match = NUMBER.search(request.META.get("HTTP_IF_MATCH", ""))
    return int(match[1]) if match else 0


def page_of(serializer):
    return inline_serializer(
        f"{serializer.__name__.removesuffix('Serializer')}Page",
        {
            "results": serializer(many=True),
            "next": serializers.CharField(allow_null=True),
            "previous": serializers.CharField(allow_null=True),
        },
    )


def _query(name: str, description: str, **more) -> OpenApiParameter:
    return OpenApiParameter(name, str, OpenApiParameter.QUERY, description=description, **more)


FIELDS = [
    _query("fields", "Only these members, separated by commas."),
    _query("omit", "All members but these, separated by commas."),
]
LIMIT = OpenApiParameter(
    "limit", int, OpenApiParameter.QUERY, description="1 to 200; 50 if not given."
)
CURSOR = _query("cursor", "Where to go on: follow `next` or `previous` instead of making one.")
NARROW = [
    _query("section", "Section; may be repeated.", enum=Section.values, many=True),
    _query("kind", "Kind; may be repeated.", enum=Kind.values, many=True),
    _query("owner", "Slug of the owner team; may be repeated.", many=True),
    _query("service", "Slug of a service; may be repeated.", many=True),
]
LIST = [
    *FIELDS,
    *NARROW,
    LIMIT,
    CURSOR,
    _query("alert", "Name of an alert that it answers; may be repeated.", many=True),
    _query(
        "state",
        "`current` (not archived) if not given.",
        enum=["current", "published", "unpublished", "draft", "in_review", "archived"],
    ),
    _query("stale", "Past its review, or a review was asked for.", enum=["true", "false"]),
    _query("search", "Only those that the search finds."),
    _query(
        "order",
        "`title` if not given.",
        enum=["title", "-title", "changed", "-changed", "review_due"],
    ),
]
SEARCH = [_query("q", "What to look for."), *NARROW, LIMIT]
RUNS = [
    _query("runbook", "Slug of the runbook."),
    _query("service", "Slug of the service."),
    _query("environment", "Exactly this environment."),
    _query("release", "Exactly this release."),
    _query("state", "How it stands.", enum=RunState.values),
    _query("kind", "Kind of the runbook.", enum=Kind.values),
    _query("from", "Started on this day or later, such as 2026-01-31."),
    _query("until", "Started on this day or earlier."),
    LIMIT,
    CURSOR,
]
START_EXAMPLES = [
    OpenApiExample(
        "A run on staging",
        value={"parameters": {"host": "db1"}, "environment": "staging", "release": "v2.4.1"},
        request_only=True,
    )
]
IF_MATCH = [
    OpenApiParameter(
        "If-Match",
        str,
        OpenApiParameter.HEADER,
        required=True,
        description="The ETag of what this is based on; `*` for whatever it is now.",
    )
]
MOVED = OpenApiResponse(description="A former address: see Location.")

LIST_EXAMPLES = [
    OpenApiExample(
        "Titles and alerts of all troubleshooting runbooks",
        value={
            "results": [{"title": "Sign-in fails", "alerts": ["PortalSignInFailing"]}],
            "next": None,
            "previous": None,
        },
        response_only=True,
    )
]
DETAIL_EXAMPLES = [
    OpenApiExample(
        "A runbook",
        value={
            "slug": "sign-in-fails",
            "title": "Sign-in fails",
            "version": 3,
            "text": "## Symptom\n",
        },
        response_only=True,
        media_type="application/json",
    )
]
CREATE_EXAMPLES = [
    OpenApiExample(
        "A runbook for an alert",
        value={
            "title": "Disk fills up",
            "kind": "troubleshooting",
            "alerts": ["NodeFilesystemAlmostOutOfSpace"],
            "text": "## Symptom\n\nNearly full.\n\n## Resolution\n\n1. Find what grows.\n",
            "note": "First draft",
        },
        request_only=True,
    )
]
DRAFT_EXAMPLES = [
    OpenApiExample(
        "The next version",
        value={
            "text": "## Symptom\n\nNearly full.\n\n## Resolution\n\n1. Rotate the logs.\n",
            "note": "Rotate the logs first",
        },
        request_only=True,
    )
]
