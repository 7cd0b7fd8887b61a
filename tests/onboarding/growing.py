"""So many more guides, assignments, progress, reports and questions, for tests of queries."""

from datetime import timedelta

from django.utils import timezone

from onboarding.models import (
    Assignment,
    Guide,
    GuideVersion,
    Progress,
    Question,
    QuestionFeedback,
    StepProgress,
    StuckReport,
)

from .world import KEY


def grow_guides(guide, person, count: int) -> None:
    """Around this guide, all of it this person's; every third guide is begun, or completed."""
    first, now = Guide.objects.count(), timezone.now()
    rows = Guide.objects.bulk_create(
        Guide(slug=f"g{n}", title=f"Disk {n}", owner=guide.owner, purpose="Disk")
        for n in range(first, first + count)
    )
    content = {**guide.published.content}
    versions = GuideVersion.objects.bulk_create(
        GuideVersion(guide=row, number=1, revision=1, content=content, hash="x", published_at=now)
        for row in rows
    )
    for row, version in zip(rows, versions):
        row.published = version
    Guide.objects.bulk_update(rows, ["published"], batch_size=200)
    due = timezone.localdate() + timedelta(days=1)
    Assignment.objects.bulk_create(Assignment(guide=g, user=person, due_on=due) for g in rows[::2])
    begun = Progress.objects.bulk_create(
        Progress(
            guide=row,
            version=row.published,
            user=person,
            **dict.fromkeys(
                ("completed_at", "through_at", "finished_at"), now if place % 2 else None
            ),
        )
        for place, row in enumerate(rows[::3])
    )
    StepProgress.objects.bulk_create(
        StepProgress(progress=each, key=KEY, first_viewed_at=now, done_at=now) for each in begun
    )
    guide.published.content["prerequisites"] = [row.pk for row in rows]
    guide.published.save()
    grow_answers(guide, person, rows)


def grow_answers(guide, person, rows) -> None:
    StuckReport.objects.bulk_create(
        StuckReport(
            guide=each,
            version=each.published,
            key=KEY,
            step_title="Look",
            user=person,
            text="x",
            answered_by=person,
        )
        for row in rows
        for each in (guide, row)
    )
    questions = Question.objects.bulk_create(
        Question(slug=row.slug, topic=f"T{row.pk}", question=f"Disk {row.pk}?", html="<p>x</p>")
        for row in rows
    )
    links = Question.guides.through.objects
    links.bulk_create(
        Question.guides.through(question=question, guide=each)
        for question, row in zip(questions, rows)
        for each in (guide, row)
    )
    QuestionFeedback.objects.bulk_create(
        QuestionFeedback(question=question, user=person, helped=False) for question in questions
    )
