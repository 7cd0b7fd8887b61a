"""A guide of 60 steps that 10,000 people follow, fast: rows written in bulk."""

import random
import uuid
from datetime import timedelta

from django.db import connection
from django.utils import timezone

from onboarding.models import Assignment, Guide, Progress, Step, StepProgress
from portal.accounts.models import Team, User
from portal.core.markdown import render

STEPS, PEOPLE, BATCH = 60, 10_000, 5000
SLUG = "first-weeks"


def guide(author: User, *, reader: User) -> None:
    """The guide with its followers; the reader is in the middle of it."""
    random.seed(11)
    made = Guide.objects.start("First weeks", slug=SLUG, by=author, owner=Team.objects.first())
    text = "Open the list, and choose the **third** entry of it."
    Step.objects.bulk_create(
        Step(guide=made, key=uuid.UUID(int=n + 1), position=n, title=f"Step {n}", text=text)
        for n in range(STEPS)
    )
    assert render(text).html
    version = made.publish(by=author)
    Assignment.objects.assign(made, by=author, everybody_new=True, due_days=30)
    Assignment.objects.filter(guide=made).update(created_at=timezone.now() - timedelta(days=400))
    _follow(made, version, _people())
    progress = Progress.objects.start(Guide.objects.get(pk=made.pk), by=reader)
    for key in version.keys[:20]:
        progress.done(key)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _people() -> list[User]:
    now, teams = timezone.now(), list(Team.objects.all())
    people = User.objects.bulk_create(
        (
            User(username=f"new-{n}", date_joined=now - timedelta(days=random.randint(0, 300)))
            for n in range(PEOPLE)
        ),
        batch_size=BATCH,
    )
    through = Team.members.through
    through.objects.bulk_create(
        (through(team=teams[n % len(teams)], user=user) for n, user in enumerate(people)),
        batch_size=BATCH,
    )
    return people


def _follow(made: Guide, version, people: list[User]) -> None:
    reached = [random.choice((STEPS, random.randint(1, STEPS))) for _ in people]
    rows = Progress.objects.bulk_create(
        (
            Progress(
                guide=made,
                version=version,
                user=user,
                started_at=user.date_joined,
                **dict.fromkeys(
                    ("completed_at", "through_at", "finished_at"),
                    user.date_joined + timedelta(days=3) if far == STEPS else None,
                ),
            )
            for user, far in zip(people, reached, strict=True)
        ),
        batch_size=BATCH,
    )
    StepProgress.objects.bulk_create(
        (
            StepProgress(
                progress=row,
                key=key,
                first_viewed_at=row.started_at,
                done_at=row.started_at,
                seconds=random.randint(5, 240),
            )
            for row, far in zip(rows, reached, strict=True)
            for key in version.keys[:far]
        ),
        batch_size=BATCH,
    )
