"""`{% load runbook_look %}`: rendered text, and states in the portal's words."""

from django import template
from django.utils.safestring import SafeString, mark_safe

from portal.core.markdown import Rendered
from runbooks import statuses
from runbooks.models import Version

register = template.Library()


@register.filter
def sanitised(text: Version | Rendered) -> SafeString:
    """The HTML that `portal.core.markdown` made and sanitised.

    The one place that calls HTML safe: it takes what the renderer wrote and nothing else.
    """
    if not isinstance(text, Version | Rendered):
        raise TypeError("Only a version or a rendered text holds sanitised HTML.")
    return mark_safe(text.html)  # noqa: S308


@register.filter
def status(version: Version) -> statuses.Status:
    return statuses.version_status(version.state, version.reviewer_id)


@register.filter
def review_on(runbook, today) -> statuses.Status | None:
    """What the calendar or a reader asks of its owner, on this day."""
    return statuses.review_status(runbook.review_due, runbook.review_asked, on=today)
