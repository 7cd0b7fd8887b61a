"""`{% load runbook_look %}`: rendered text, and states in the portal's words."""

import re
from collections.abc import Iterable
from datetime import date

from django import template
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from portal.architecture.diagrams.blocks import drawn
from portal.core.markdown import Rendered, Sanitised
from portal.core.markdown.substitution import Filled
from portal.core.templatetags.look import badge, places_named, sanitised
from runbooks.documents import status as statuses
from runbooks.models import Kind, Version

register = template.Library()

CODE = re.compile(r"<code>.*?</code>", re.DOTALL)
TAG_OR_PIECE = re.compile(r"<[^>]*>|[^\s<>]*-[^\s<>]*")  # a line may break behind each hyphen


@register.filter
def with_views(text: Version | Rendered | Filled) -> Sanitised:
    """What was rendered, in which views of the catalog are drawn as the catalog is now."""
    if not isinstance(text, Version | Rendered | Filled):
        raise TypeError("Only a version, a rendered text or a filled step holds sanitised HTML.")
    return Sanitised(drawn(text.html))


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
def step_status(step, run) -> statuses.Status:
    return statuses.step_status(step.state, run)


@register.filter
def step_title(line) -> SafeString | str:
    """The title of a line of `runbooks.runs.page`, with code as code, its options in one piece."""
    if not line.title_html:
        return line.title
    return sanitised(Sanitised(CODE.sub(_in_pieces, sanitised(line.title_html))))


def _in_pieces(code: re.Match) -> str:
    return TAG_OR_PIECE.sub(_as_piece, code[0])


def _as_piece(found: re.Match) -> str:
    return found[0] if found[0][0] == "<" else f'<span class="piece">{found[0]}</span>'


@register.filter
def entry_status(entry) -> statuses.Status:
    return statuses.ENTRY[entry.kind]


@register.filter
def is_output(text: str) -> bool:
    """Whether a note is of several lines: pasted output, as a rule."""
    return "\n" in text.strip()


ROW = (
    '<li><div><a class="title" href="{}{}{}">{}</a> <span class="sub">{}{}</span></div>'
    ' <div class="due">{}</div></li>'
)
KINDS = dict(Kind.choices)


@register.simple_tag
def runbook_rows(rows: Iterable[tuple], today: date) -> SafeString:
    """The items of a list, from columns: slug, title, kind, summary, published, run state and time.

    Many of them cost a fraction of what a loop in the template costs.
    """
    before, _, after = reverse("runbooks:detail", args=["slug"]).rpartition("slug")
    return format_html_join("\n", ROW, (_row(before, after, today, *row) for row in rows))


def _row(before, after, today, slug, title, kind, summary, published, state, at) -> tuple:
    lesson = statuses.run_lesson(kind, state, at, on=today) if published else None
    told = f" · {places_named(summary)}" if summary else ""
    return before, slug, after, title, KINDS.get(kind, kind), told, badge(lesson)


@register.filter
def lesson_on(runbook, today) -> statuses.Status | None:
    """What the last run of a runbook that was read `with_last_run` says of it."""
    return statuses.run_lesson(runbook.kind, runbook.run_state, runbook.run_at, on=today)
