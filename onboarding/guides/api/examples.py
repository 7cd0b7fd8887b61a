"""Parameters and examples of the API document. A test executes every example."""

from onboarding.models import StuckState
from portal.core.api.filters import CHANGED_OR_DELETED, CHANGED_SINCE
from portal.core.api.filters import state as state_of
from portal.core.api.parameters import FIELDS, PAGED, answered, query, sent

TEXT = ("text/markdown", "text/html")


def as_text(serializer) -> dict:
    """JSON, or the text itself."""
    return {(200, "application/json"): serializer, **{(200, kind): str for kind in TEXT}}


GUIDES = [
    *FIELDS,
    state_of(["current", "published", "unpublished", "archived", "all"]),
    query("owner", "Slug of the owner team; may be repeated.", many=True),
    CHANGED_SINCE,
    query("search", "All these words, in the title, purpose, audience or steps."),
    *PAGED,
]
REPORTS = [
    *FIELDS,
    query("state", "How it stands; may be repeated.", enum=["all", *StuckState.values], many=True),
    query("guide", "Slug of the guide; may be repeated.", many=True),
    CHANGED_SINCE,
    *PAGED,
]
ASSIGNMENTS = [
    *FIELDS,
    state_of(["current", "withdrawn", "all"]),
    query("guide", "Slug of the guide; may be repeated.", many=True),
    CHANGED_SINCE,
    *PAGED,
]
QUESTIONS = [
    *FIELDS,
    state_of(["current", "published", "unpublished", "all"]),
    query("topic", "Exactly this topic; may be repeated.", many=True),
    query("owner", "Slug of the owner team; may be repeated.", many=True),
    query("search", "All these words."),
    CHANGED_OR_DELETED,
    *PAGED,
]


LIST_EXAMPLE = answered(
    "Guides",
    {
        "results": [{"slug": "first-day", "title": "First day", "version": 1, "minutes": 5}],
        "next": None,
        "previous": None,
    },
)
DETAIL_EXAMPLE = answered(
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
ASSIGN_EXAMPLE = sent(
    "Everybody new, within two weeks", guide="disk-fills-up", everybody_new=True, due_days=14
)
VIEW_EXAMPLE = sent("Twenty seconds", seconds=20)
SETTLE_EXAMPLE = sent("An answer", answer="It is at the top of the page.")
PUBLISH_EXAMPLE = sent("With a note", note="The new sign-in page")
QUESTION_EXAMPLE = sent(
    "A question of new people",
    topic="Signing in",
    question="How do I get a password?",
    answer="Ask an **operator**: they make your account.",
)
ANSWER_EXAMPLE = sent("A better answer", answer="Open your account page.")
HELPED_EXAMPLE = sent("It helped", helped=True)
FIGURES_EXAMPLE = answered(
    "Statistics of a guide",
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
PEOPLE_EXAMPLE = answered(
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
