"""People at different places in the guides that ship."""

from datetime import timedelta

from onboarding.models import Assignment, Guide, Progress, StuckReport

TOUR, FOLLOW, ON_CALL = "your-first-day", "follow-a-runbook", "your-first-week-on-call"


def follow_guides(people, *, now) -> None:
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
    on_call = Guide.objects.get(slug=ON_CALL)
    _follow(on_call, people["alice"], on_call.published.keys, at=now - timedelta(days=12))
    _follow(on_call, paul, on_call.published.keys[:4], at=now - timedelta(days=2))


def _follow(guide: Guide, person, keys, *, at) -> Progress:
    progress = Progress.objects.start(guide, by=person, at=at)
    for number, key in enumerate(keys, 1):
        progress.view(key, seconds=25 + 9 * number, at=at + timedelta(minutes=number))
        progress.done(key, at=at + timedelta(minutes=number, seconds=30))
    return progress
