"""`{% load guide_look %}`: how things stand."""

from datetime import timedelta

from django import template

from onboarding.guides import status
from onboarding.models import Question, QuestionFeedback

register = template.Library()


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
