"""Parameters and examples of the API document. A test executes every example."""

import re

from drf_spectacular.utils import OpenApiExample, OpenApiResponse
from rest_framework.exceptions import ValidationError

from portal.core.api.filters import CHANGED_SINCE
from portal.core.api.filters import state as state_of
from portal.core.api.parameters import FIELDS, PAGED, answered, query, sent
from runbooks.models import Kind, Lesson, RunState, Section, State

TEXT_MEMBER = {"text/markdown": "text", "text/html": "html"}
NUMBER = re.compile(r'"v(\d{1,9})-')


def bad(parameter: str, detail: str) -> ValidationError:
    return ValidationError({parameter: detail})


def sent_number(request) -> int:
    """The number of the version that If-Match names; 0 if it names none."""
    match = NUMBER.search(request.META.get("HTTP_IF_MATCH", ""))
    return int(match[1]) if match else 0


NARROW = [
    query("section", "Section; may be repeated.", enum=Section.values, many=True),
    query("kind", "Kind; may be repeated.", enum=Kind.values, many=True),
    query("owner", "Slug of the owner team; may be repeated.", many=True),
    query("service", "Slug of a service; may be repeated.", many=True),
]
LIST = [
    *FIELDS,
    *NARROW,
    *PAGED,
    query("alert", "Name of an alert that it answers; may be repeated.", many=True),
    state_of(["current", "published", "unpublished", "draft", "in_review", "archived", "all"]),
    CHANGED_SINCE,
    query("stale", "Past its review, or a review was asked for.", enum=["true", "false"]),
    query(
        "last_run",
        "Never run, failed or rolled back last time, or last run over a year ago; may be repeated.",
        enum=Lesson.values,
        many=True,
    ),
    query("search", "Only those that the search finds."),
    query(
        "order",
        "`title` if not given.",
        enum=["title", "-title", "changed", "-changed", "review_due"],
    ),
]
VERSIONS = [
    *FIELDS,
    *PAGED,
    query("state", "How it stands; may be repeated.", enum=State.values, many=True),
]
RUNS = [
    *FIELDS,
    query("runbook", "Slug of the runbook; may be repeated.", many=True),
    query("service", "Slug of the service; may be repeated.", many=True),
    query("environment", "Exactly this environment; may be repeated.", many=True),
    query("release", "Exactly this release; may be repeated.", many=True),
    query("state", "How it stands; may be repeated.", enum=["all", *RunState.values], many=True),
    query("kind", "Kind of the runbook; may be repeated.", enum=Kind.values, many=True),
    query("from", "Started on this day or later, such as 2026-01-31."),
    query("until", "Started on this day or earlier."),
    CHANGED_SINCE,
    *PAGED,
]
START_EXAMPLES = [
    OpenApiExample(
        "A run on staging",
        value={"parameters": {"host": "db1"}, "environment": "staging", "release": "v2.4.1"},
        request_only=True,
    )
]


STEP_EXAMPLES = {
    "complete_step": sent("A step that asks for a check", note="2 of 2 up", checked=True),
    "confirm_step": sent("Agreed by a second person", note="I see it too"),
    "fail_step": sent("It did not work", reason="No space left on device"),
    "skip_step": sent("Not needed this time", reason="No migration in this release"),
    "retry_step": sent("Once more", note="The disk is larger now"),
}
NOTE_EXAMPLES = sent("Pasted output", text="/dev/sda1  97%", step=2)
HAND_OVER_EXAMPLES = sent("My shift ends", to="paul", note="Step 2 waits for the backup")
END_EXAMPLES = sent("It did not work", outcome="failed", note="The health check stays red")
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
RUNS_EXAMPLES = answered("Runs in production", {"results": [_RUN], "next": None, "previous": None})
RUN_EXAMPLES = answered(
    "A run and its steps",
    {
        **_RUN,
        "taken_back_by": [],
        "steps": [
            {"number": 1, "state": "done", "usual": 95.0, "note": "2 of 2 up", "commands": []}
        ],
    },
)
_ENTRY = {
    "id": 71,
    "kind": "note",
    "step": 2,
    "by": "Build",
    "text": "/dev/sda1  97%",
    "images": [],
}
LOG_EXAMPLES = answered("The log", {"results": [_ENTRY], "next": None, "previous": None})
ROLLBACK_EXAMPLES = answered(
    "One that is linked",
    {
        "results": [
            {
                "runbook": "roll-back-web",
                "start": "https://portal.example.org/api/v1/runbooks/roll-back-web/runs/",
                "release_before": "v2.4.0",
                "body": {"rollback_of": 12, "release": "v2.4.0", "parameters": {"host": "web1"}},
            }
        ],
        "next": None,
        "previous": None,
    },
)
FIGURES_EXAMPLES = answered(
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
