"""`{% load picture_look %}`: how much of a picture differs."""

from django import template

from onboarding.pictures.retake.difference import in_percent

register = template.Library()


@register.filter
def percent(part: float | None) -> str:
    """A part of one in percent: “0.02 %”."""
    return "" if part is None else in_percent(part)
