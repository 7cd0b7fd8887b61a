"""`{% load runbook_look %}`: rendered text, and states in the portal's words."""

from django import template
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import localdate

from portal.architecture.drawing.blocks import drawn
from portal.core.markdown import Rendered
from portal.core.markdown.filling import Filled
from runbooks import statuses
from runbooks.models import Version

register = template.Library()


@register.filter
def sanitised(text: Version | Rendered | Filled) -> SafeString:
    """The HTML that `portal.core.markdown` made and sanitised.

    The one place that calls HTML safe: it takes what the renderer wrote and nothing else. Views of
    the catalog are drawn here, as the catalog is now.
    """
    if not isinstance(text, Version | Rendered | Filled):
        raise TypeError("Only a version, a rendered text or a filled step holds sanitised HTML.")
    return mark_safe(drawn(text.html))  # noqa: S308


@register.filter
def status(version: Version) -> statuses.Status:
    return statuses.version_status(version.state, version.reviewer_id)


@register.filter
def review_on(runbook, today) -> statuses.Status | None:
    """What the calendar or a reader asks of its owner, on this day."""
    return statuses.review_status(runbook.review_due, runbook.review_asked, on=today)


@register.filter
def run_status(run) -> statuses.Status:
    return statuses.RUN[run.state]


@register.filter
def run_state(state: str) -> statuses.Status:
    return statuses.RUN[statuses.RunState(state)]


@register.filter
def run_standing(run) -> statuses.Status:
    """How far it is; reads all steps of the run."""
    return statuses.standing(list(run.steps.all()))


@register.filter
def step_status(step) -> statuses.Status:
    return statuses.STEP[step.state]


@register.filter
def entry_status(entry) -> statuses.Status:
    return statuses.ENTRY[entry.kind]


@register.filter
def lesson_on(page, today) -> statuses.Status | None:
    """What the last run of a page's runbook says of it."""
    last = localdate(page.run_at) if page.run_at else None
    return statuses.run_lesson(page.runbook.kind, page.run_state, last, on=today)
