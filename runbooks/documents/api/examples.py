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

from runbooks.models import Kind, Lesson, RunState, Section

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
PAGED = [LIMIT, CURSOR]
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
    _query(
        "last_run",
        "Never run, failed or rolled back last time, or last run over a year ago; may be repeated.",
        enum=Lesson.values,
        many=True,
    ),
    _query("search", "Only those that the search finds."),
    _query(
        "order",
        "`title` if not given.",
        enum=["title", "-title", "changed", "-changed", "review_due"],
    ),
]
RUNS = [
    *FIELDS,
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


def _sent(name: str, **body) -> list[OpenApiExample]:
    return [OpenApiExample(name, value=body, request_only=True, media_type="application/json")]


def _answered(name: str, value) -> list[OpenApiExample]:
    return [
        OpenApiExample(
            name,
            value=value,
            response_only=True,
            media_type="application/json",
            status_codes=["200"],
        )
    ]


STEP_EXAMPLES = {
    "complete_step": _sent("A step that asks for a check", note="2 of 2 up", checked=True),
    "confirm_step": _sent("Agreed by a second person", note="I see it too"),
    "fail_step": _sent("It did not work", reason="No space left on device"),
    "skip_step": _sent("Not needed this time", reason="No migration in this release"),
    "retry_step": _sent("Once more", note="The disk is larger now"),
}
NOTE_EXAMPLES = _sent("Pasted output", text="/dev/sda1  97%", step=2)
HAND_OVER_EXAMPLES = _sent("My shift ends", to="paul", note="Step 2 waits for the backup")
END_EXAMPLES = _sent("It did not work", outcome="failed", note="The health check stays red")
_RUN = {
    "id": 12,
    "runbook": "deploy-web",
    "version": 3,
    "environment": "production",
    "release": "v2.4.1",
    "state": "running",
    "started_by": "Build",
    "parameters": {"host": "web1"},
    "etag": '"r12-4.9"',
}
RUNS_EXAMPLES = _answered("Runs in production", {"results": [_RUN], "next": None, "previous": None})
RUN_EXAMPLES = _answered(
    "A run and its steps",
    {
        **_RUN,
        "taken_back_by": [],
        "steps": [
            {"number": 1, "state": "done", "usual": 95.0, "note": "2 of 2 up", "commands": []}
        ],
    },
)
_ENTRY = {"kind": "note", "step": 2, "by": "Build", "text": "/dev/sda1  97%", "images": []}
LOG_EXAMPLES = _answered("The log", {"results": [_ENTRY], "next": None, "previous": None})
ROLLBACK_EXAMPLES = _answered(
    "One that is linked",
    {
        "runbook": "roll-back-web",
        "start": "/api/v1/runbooks/roll-back-web/runs/",
        "release_before": "v2.4.0",
        "body": {"rollback_of": 12, "release": "v2.4.0", "parameters": {"host": "web1"}},
    },
)
FIGURES_EXAMPLES = _answered(
    "Four of five succeeded",
    {"runs": 5, "success_rate": 0.8, "median": 310.5, "worst_step": 2, "steps": []},
)
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
