"""`{% load guide_look %}`: how things stand, and what is open for the person who looks."""

from datetime import timedelta

from django import template
from django.core.cache import caches

from onboarding.guides import status
from onboarding.models import Guide, Question, QuestionFeedback

register = template.Library()
REMEMBERED = 60  # seconds: the rail is on every page


@register.filter
def stuck_status(report):
    return status.STUCK[report.state]


@register.filter
def as_time(seconds: int | None) -> timedelta:
    return timedelta(seconds=seconds or 0)


@register.filter
def said_of(said: dict, question: Question) -> QuestionFeedback | None:
    """What this reader said about the answer, if they did."""
    return said.get(question.pk)


@register.simple_tag(takes_context=True)
def open_guides(context) -> int:
    """How many guides wait for this person. Pages of guides ask anew, others once a minute."""
    request, name = context["request"], f"open-guides-{context['user'].pk}"
    match = request.resolver_match
    count = None if match and match.namespace == "onboarding" else caches["process"].get(name)
    if count is None:
        count = Guide.objects.open_for(context["user"]).count()
        caches["process"].set(name, count, REMEMBERED)
    return count
