"""`{% load look %}`: addresses of static files, rendered text, form fields in our clothes."""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import zip_longest

from django import template
from django.forms import BoundField
from django.template.defaultfilters import linebreaksbr
from django.utils.dateformat import format as formatted
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst
from django.utils.timezone import localtime

from portal.core.markdown import Rendered, Sanitised
from portal.core.markdown.parameters import USE
from portal.core.markdown.substitution import Filled
from portal.core.web.address import absolute
from portal.core.web.context import address
from portal.core.web.status import Status

register = template.Library()

SELECTED = SafeString(" selected")

CLASSES = {
    "checkbox": "form-check-input",
    "select": "form-select",
    "selectmultiple": "form-select",
}


@register.simple_tag
def asset(path: str) -> str:
    """The address of a static file, like `{% static %}`, remembered."""
    return address(path)


@register.simple_tag
@lru_cache(maxsize=512)
def icon(name: str, more: str = "") -> SafeString:
    """A small picture beside words that say the same; `more` are further classes."""
    look = f"icon {more}" if more else "icon"
    sprite = address("vendor/icons.svg")
    return format_html(
        '<svg class="{}" aria-hidden="true"><use href="{}#i-{}"/></svg>', look, sprite, name
    )


@register.simple_tag
@lru_cache(maxsize=1024)
def badge(status: Status | None) -> SafeString | str:
    """How something stands, in a word with its icon and tone; nothing for None."""
    if not status:
        return ""
    loud = " pill" if status.loud else ""
    picture = icon(status.icon)
    return format_html(
        '<span class="st is-{}{}">{}{}</span>', status.tone, loud, picture, status.word
    )


@register.simple_tag
def says(tone: str, icon: str, word: str, loud: bool = False) -> SafeString | str:
    """A badge that only this page has: tone (ok, run, review, warn, bad, idle), icon, word."""
    return badge(Status(tone, icon, word, loud))


@register.simple_tag
def moment(at: datetime | None, how: str = "j M Y, H:i") -> SafeString | str:
    """A time in the reader's zone, which shows UTC when asked; `how` is that of `|date`."""
    if not at:
        return ""
    local = localtime(at)
    return format_html(
        '<time datetime="{}" data-utc>{}</time>', formatted(local, "c"), formatted(local, how)
    )


CELL = "<td "


@register.filter
def labelled(cells: Iterable[SafeString], heads: Iterable[dict]) -> list[SafeString]:
    """The cells of a row of the admin, each with the heading of its column in `data-l`."""
    return [_labelled(cell, head["text"]) for cell, head in zip(cells, heads, strict=True)]


def _labelled(cell: SafeString, text: str) -> SafeString:
    if not isinstance(cell, SafeString) or not cell.startswith(CELL) or "<" in text:
        return cell  # as the box that chooses a row, whose heading is a box, too
    return format_html('<td data-l="{}" {}', capfirst(text), SafeString(cell[len(CELL) :]))


CURRENT = SafeString(' aria-current="page"')


@register.simple_tag
def current(here: str, place: str) -> str:
    """The attribute of the link that leads to where one is."""
    return CURRENT if here == place else ""


@register.simple_tag
def words(segments: Iterable, mark: str) -> SafeString:
    """A line of a comparison: its segments, those that changed in `mark`: ins or del."""
    return _marked((mark if each.changed else "", each.text) for each in segments)


@register.simple_tag
def pieces(inline: Iterable) -> SafeString:
    """A line of both texts in one: what was added and removed in ins and del."""
    marks = {"added": "ins", "removed": "del"}
    return _marked((marks.get(each.change, ""), each.text) for each in inline)


def _marked(parts: Iterable[tuple[str, str]]) -> SafeString:
    whole = ((f"<{mark}>", text, f"</{mark}>") if mark else ("", text, "") for mark, text in parts)
    tags = ((SafeString(begin), text, SafeString(end)) for begin, text, end in whole)
    return format_html_join("", "{}{}{}", tags)


@register.simple_tag
def options(pairs: Iterable[tuple[object, object]], chosen: object) -> SafeString:
    """The options of a select from (value, label); `chosen` is one value or several.

    Many of them cost a fraction of what a loop in the template costs.
    """
    several = chosen if isinstance(chosen, list | tuple | set | frozenset) else (chosen,)
    marked = ((value, SELECTED if value in several else "", label) for value, label in pairs)
    return format_html_join("", '<option value="{}"{}>{}</option>', marked)


MESSAGES = {
    "error": Status("bad", "fail", "Error", loud=True),
    "warning": Status("warn", "warn", "Warning"),
    "success": Status("ok", "ok", "Done"),
}


@register.filter
def message_status(message) -> Status:
    """How a message about the last action looks."""
    return MESSAGES.get(message.level_tag, Status("run", "info", "Note"))


@register.filter
def sanitised(text: Rendered | Sanitised | Filled) -> SafeString:
    """The HTML that `portal.core.markdown` made and sanitised.

    The one place that calls HTML safe: it takes what the renderer wrote and nothing else.
    """
    if not isinstance(text, Rendered | Sanitised | Filled):
        raise TypeError("Only a rendered, a stored or a filled text holds sanitised HTML.")
    return mark_safe(text.html)  # noqa: S308


@register.filter
def places_named(text: str) -> str:
    """A line in which `<name>` stands where the text has the place of a value."""
    return USE.sub(r"<\1>", text)


@register.filter
def linked(text: str) -> SafeString:
    """Plain text, as lines, in which the portal's own addresses are links; others stay text."""
    own = re.compile(re.escape(absolute("/")) + r"(?:[^\s<>\"']*[\w/])?")
    plain, links = own.split(text), own.findall(text)
    pairs = zip_longest(plain, links, fillvalue="")
    whole = format_html_join("", "{}{}", ((part, _link(to)) for part, to in pairs))
    return linebreaksbr(whole)


def _link(to: str) -> SafeString | str:
    return to and format_html('<a href="{}">{}</a>', to, to)


@register.filter
def duration(span: timedelta | None) -> str:
    """A length of time in its two largest units: “35 s”, “4 min 10 s”, “1 h 20 min”, “3 d 2 h”."""
    if span is None:
        return ""
    seconds = max(round(span.total_seconds()), 0)
    units = (("d", 86400), ("h", 3600), ("min", 60), ("s", 1))
    largest = next((place for place, (_, size) in enumerate(units) if seconds >= size), 3)
    (name, size), rest = units[largest], units[largest + 1 : largest + 2]
    words = [f"{seconds // size} {name}"]
    words += [f"{n} {small}" for small, each in rest if (n := seconds % size // each)]
    return " ".join(words)


@register.filter
def control(field: BoundField) -> SafeString:
    """The field's widget with its class; a placeholder that only repeats the label is left out.

    So is `maxlength`, by which browsers cut what is pasted and say nothing: the form says it.
    """
    own = field.field.widget.attrs
    look = CLASSES.get(field.widget_type, "form-control")
    attributes: dict[str, str | bool] = {"class": f"{look} {own.get('class', '')}".strip()}
    if own.get("placeholder") in {field.label, field.name}:
        attributes["placeholder"] = False
    if "maxlength" in own:
        attributes["maxlength"] = False
    return field.as_widget(attrs=attributes)


@register.filter
def choices(field: BoundField) -> list:
    """The radio buttons or check boxes of a field, one by one, with their class."""
    boxes = list(field.subwidgets)
    for box in boxes:
        box.data["attrs"]["class"] = "form-check-input"
    return boxes
