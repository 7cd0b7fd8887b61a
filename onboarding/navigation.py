"""The lines of guides in the rail, and how many guides wait."""

from django.core.cache import caches
from django.db.models import QuerySet

from portal.accounts.people.prepared import PreparedFor
from portal.core.web.navigation import Entry, Group, Link, permitted

from .guides.listing import asked_since
from .models import Assignment, Guide

REMEMBERED = 60  # seconds: the rail is on every page


def _open_for(user, *, joined, since) -> QuerySet:
    asked = Assignment.objects.asking(user, joined=joined, since=since)
    return Guide.objects.open_for(user, asked).order_by().values_list("pk")


_open = PreparedFor(_open_for)


def open_guides(user, fresh: bool) -> int:
    """How many guides wait for this person; at most a minute old unless it has to be `fresh`."""
    name = f"open-guides-{user.pk}"
    count = None if fresh else caches["process"].get(name)
    if count is None:
        count = len(_open(user, **asked_since(user)))
        caches["process"].set(name, count, REMEMBERED)
    return count


ENTRIES = (
    Entry(
        Group.KNOW,
        20,
        "Guides",
        "guide",
        "onboarding:guides",
        rest_of="onboarding",
        permission="onboarding.view_guide",
        count=open_guides,
    ),
    Entry(
        Group.KNOW,
        21,
        "Questions",
        "help",
        "onboarding:questions",
        permission="onboarding.view_question",
    ),
    Entry(
        Group.KNOW,
        22,
        "Guide analytics",
        "trend",
        "onboarding:figures",
        also=(
            "onboarding:guide-figures",
            "onboarding:stuck-reports",
            "onboarding:assignments",
            "onboarding:new-assignment",
            "onboarding:assignment",
        ),
        permission="onboarding.view_figures",
    ),
)

VERBS = (
    Link("New guide", "plus", "admin:onboarding_guide_add", "onboarding.add_guide"),
    Link(
        "New question and answer",
        "plus",
        "admin:onboarding_question_add",
        "onboarding.add_question",
    ),
    Link("New assignment", "plus", "onboarding:new-assignment", "onboarding.add_assignment"),
)
PAGES = (
    Link("Assignments", "users", "onboarding:assignments", "onboarding.view_assignment"),
    Link("Stuck reports", "hand", "onboarding:stuck-reports", "onboarding.view_stuckreport"),
    Link("What is recorded about you", "user", "onboarding:me", "onboarding.view_guide"),
)


def entries(user) -> list[Entry]:
    return permitted(ENTRIES, user)
