"""Parameters and examples of the API document. A test executes every example."""

from drf_spectacular.utils import OpenApiExample, OpenApiParameter, inline_serializer
from rest_framework import serializers

from onboarding.models import StuckState


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


TEXT = ("text/markdown", "text/html")


def as_text(serializer) -> dict:
    """JSON, or the text itself."""
    return {(200, "application/json"): serializer, **{(200, kind): str for kind in TEXT}}


FIELDS = [
    _query("fields", "Only these members, separated by commas."),
    _query("omit", "All members but these, separated by commas."),
]
PAGES = [
    OpenApiParameter(
        "limit", int, OpenApiParameter.QUERY, description="1 to 200; 50 if not given."
    ),
    _query("cursor", "Where to go on: follow `next` or `previous` instead of making one."),
]
GUIDES = [
    *FIELDS,
    *PAGES,
    _query("state", "`current` if not given.", enum=["current", "archived", "all"]),
    _query("owner", "Slug of the owner team."),
    _query("search", "All these words, in the title, purpose, audience or steps."),
]
REPORTS = [
    *PAGES,
    _query("state", "How it stands.", enum=StuckState.values),
    _query("guide", "Slug of the guide."),
]
ASSIGNMENTS = [*PAGES, _query("guide", "Slug of the guide.")]
QUESTIONS = [*PAGES, _query("topic", "Exactly this topic."), _query("search", "All these words.")]


def _sent(name: str, value: dict) -> list[OpenApiExample]:
    return [OpenApiExample(name, value=value, request_only=True)]


def _read(name: str, value) -> list[OpenApiExample]:
    return [OpenApiExample(name, value=value, response_only=True)]


LIST_EXAMPLE = _read(
    "Guides",
    {
        "results": [{"slug": "first-day", "title": "First day", "version": 1, "minutes": 5}],
        "next": None,
        "previous": None,
    },
)
DETAIL_EXAMPLE = _read(
    "A guide with a picture and its marks",
    {
        "slug": "first-day",
        "version": 1,
        "steps": [
            {
                "key": "0f8fad5b-d9cb-469f-a165-70867728950e",
                "number": 1,
                "title": "Look around",
                "control": "Go",
                "picture": {
                    "address": "https://portal.example.org/guides/media/x.png",
                    "alt": "The first page",
                    "annotations": [
                        {
                            "@context": "http://www.w3.org/ns/anno.jsonld",
                            "type": "Annotation",
                            "body": {"type": "TextualBody", "value": "Press it"},
                        }
                    ],
                },
            }
        ],
    },
)
ASSIGN_EXAMPLE = _sent(
    "Everybody new, within two weeks",
    {"guide": "disk-fills-up", "everybody_new": True, "due_days": 14},
)
VIEW_EXAMPLE = _sent("Twenty seconds", {"seconds": 20})
SETTLE_EXAMPLE = _sent("An answer", {"answer": "It is at the top of the page."})
PUBLISH_EXAMPLE = _sent("With a note", {"note": "The new sign-in page"})
QUESTION_EXAMPLE = _sent(
    "A question of new people",
    {
        "topic": "Signing in",
        "question": "How do I get a password?",
        "answer": "Ask an **operator**: they make your account.",
    },
)
ANSWER_EXAMPLE = _sent("A better answer", {"answer": "Open your account page."})
HELPED_EXAMPLE = _sent("It helped", {"helped": True})
FIGURES_EXAMPLE = _read(
    "Figures of a guide",
    {
        "guide": "first-day",
        "asked": 12,
        "started": 10,
        "completed": 8,
        "completion_rate": 0.8,
        "versions": [{"version": 1, "started": 10}],
        "teams": [{"team": "platform", "members": 6, "started": 4, "completed": 3}],
        "trend": [{"until": "2026-03-15", "started": 6, "completed": 3, "completion_rate": 0.5}],
    },
)
PEOPLE_EXAMPLE = _read(
    "The people of a guide",
    {
        "results": [
            {
                "user": "nina",
                "name": "Nina",
                "state": "Late",
                "asked": True,
                "late": True,
                "version": 1,
                "steps_done": 3,
                "steps": 9,
                "completed_at": None,
                "confirmed_at": None,
            }
        ],
        "next": None,
        "previous": None,
    },
)
