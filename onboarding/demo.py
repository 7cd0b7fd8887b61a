"""The guides and questions that ship, and people at different places in them, for the demo."""

from datetime import timedelta

from django.conf import settings

from onboarding.files.importer import Import
from portal.accounts.models import Team

from .models import Assignment, Guide, Progress, Question, StuckReport

LIBRARY = settings.BASE_DIR / "docs" / "user-guide"
TOUR, FOLLOW = "your-first-day", "follow-a-runbook"


def show_guides(people: dict, *, now) -> list:
    """Read what ships; the first time also let people follow it. Returns the outcomes."""
    is_new = not Guide.objects.exists()
    at = now - timedelta(days=30)
    outcomes = list(Import(LIBRARY, by=people["alice"], at=at, publish=True).run())
    owner = Team.objects.filter(slug="platform").first()
    Guide.objects.filter(owner=None).update(owner=owner)
    Question.objects.filter(owner=None).update(owner=owner)
    if is_new:
        _people(people, now=now)
    return outcomes


def _people(people, *, now) -> None:
    """Two are through the tour; one is late and stuck in it; one has still to begin the next."""
    tour, follow = (Guide.objects.get(slug=slug) for slug in (TOUR, FOLLOW))
    keys, today, paul = tour.published.keys, now.date(), people["paul"]
    assign = Assignment.objects.assign
    assign(tour, by=paul, everybody_new=True, due_days=7)
    assign(
        tour,
        by=paul,
        user=people["nina"],
        due_on=today - timedelta(days=1),
        at=now - timedelta(days=8),
    )
    assign(follow, by=paul, user=people["rita"], due_on=today + timedelta(days=2))
    for name, days in (("alice", 20), ("paul", 6), ("rita", 3)):
        _follow(tour, people[name], keys, at=now - timedelta(days=days))
    progress = _follow(tour, people["nina"], keys[:3], at=now - timedelta(hours=5))
    StuckReport.objects.report(
        progress,
        keys[3],
        by=people["nina"],
        text="My runbook says “In review”. May I follow it?",
        at=now - timedelta(hours=4),
    )


def _follow(guide: Guide, person, keys, *, at) -> Progress:
    progress = Progress.objects.start(guide, by=person, at=at)
    for number, key in enumerate(keys, 1):
        progress.view(key, seconds=25 + 9 * number, at=at + timedelta(minutes=number))
        progress.done(key, at=at + timedelta(minutes=number, seconds=30))
    return progress
