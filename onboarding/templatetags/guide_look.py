"""`{% load guide_look %}`: rendered text, and what is open for the person who looks."""

from datetime import timedelta

from django import template
from django.core.cache import caches
from django.utils.safestring import SafeString, mark_safe

from onboarding import statuses
from onboarding.guide_page import Sanitised
from onboarding.models import Guide, Question

register = template.Library()
REMEMBERED = 60  # seconds: the rail is on every page


@register.filter
def guide_html(text: Sanitised | Question) -> SafeString:
    """The HTML of a step or an answer: what `portal.core.markdown` made, and nothing else."""
    if not isinstance(text, Sanitised | Question):
        raise TypeError("Only a frozen text or an answer holds sanitised HTML.")
    return mark_safe(text.html)  # noqa: S308


@register.filter
def stuck_status(report):
    return statuses.STUCK[report.state]


@register.filter
def as_time(seconds: int | None) -> timedelta:
    return timedelta(seconds=seconds or 0)


@register.filter
def said_of(said: dict, question: Question) -> bool | None:
    """Whether the answer helped this reader, if they said so."""
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
