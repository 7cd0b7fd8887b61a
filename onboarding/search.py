"""What guides and questions offer to the one search."""

from html import unescape

from django.urls import reverse
from django.utils.html import strip_tags

from portal.search.registry import OWNER, Kind, Text, register

from .models import Guide, Question


def guide_text(guide: Guide) -> Text:
    """A guide as readers see it, or as its authors have it until it is published."""
    prefix = "shown_" if guide.published_id else ""
    title, purpose, audience = (
        getattr(guide, f"{prefix}{name}") for name in ("title", "purpose", "audience")
    )
    steps = guide.published.steps if guide.published_id else []
    words = [purpose, audience, *(word for step in steps for word in step_words(step))]
    return Text(
        title=title,
        body="\n".join(filter(None, words)),
        line=purpose,
        about=f"{guide.minutes} min",
        is_published=bool(guide.published_id),
        is_current=guide.archived_at is None,
    )


def step_words(step: dict) -> list[str]:
    """What readers read of a step of a version."""
    shot, video = step.get("shot") or {}, step.get("video") or {}
    callouts = [callout.get("text", "") for callout in shot.get("callouts", [])]
    more = [*(step.get(name, "") for name in ("control", "result")), shot.get("alt", "")]
    return [
        *(step.get("title", ""), plain(step.get("html", ""))),
        *(*more, video.get("title", ""), *callouts),
    ]


def question_text(question: Question) -> Text:
    return Text(
        title=question.question,
        names=[question.topic],
        body=plain(question.html),
        line=question.topic,
        about=question.topic,
        is_published=question.is_published,
    )


def plain(html: str) -> str:
    """The words of HTML that was rendered and sanitised."""
    return unescape(strip_tags(html))


register(
    Kind(
        name="guide",
        label="Guide",
        plural="Guides",
        icon="guide",
        rows=lambda: Guide.objects.select_related("published"),
        text=guide_text,
        address=lambda slug: reverse("onboarding:guide", args=[slug]),
        permission="onboarding.view_guide",
        unpublished="onboarding.change_guide",
        filters={OWNER: "owner__slug"},
    )
)
register(
    Kind(
        name="question",
        label="Question",
        plural="Questions",
        icon="help",
        rows=Question.objects.all,
        text=question_text,
        address=lambda slug: Question(slug=slug).get_absolute_url(),
        permission="onboarding.view_question",
        unpublished="onboarding.change_question",
        filters={OWNER: "owner__slug"},
    )
)
