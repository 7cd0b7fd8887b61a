"""`{% load look %}`: addresses of static files, rendered text, form fields in our clothes."""

from collections.abc import Iterable
from datetime import timedelta

from django import template
from django.forms import BoundField
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe

from portal.core.markdown import Rendered, Sanitised
from portal.core.markdown.parameters import USE
from portal.core.markdown.substitution import Filled
from portal.core.web.context import address

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
def options(pairs: Iterable[tuple[object, object]], chosen: object) -> SafeString:
    """The options of a select from (value, label); `chosen` is one value or several.

    Many of them cost a fraction of what a loop in the template costs.
    """
    several = chosen if isinstance(chosen, list | tuple | set | frozenset) else (chosen,)
    marked = ((value, SELECTED if value in several else "", label) for value, label in pairs)
    return format_html_join("", '<option value="{}"{}>{}</option>', marked)


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
    """The field's widget with its class; a placeholder that only repeats the label is left out."""
    own = field.field.widget.attrs
    look = CLASSES.get(field.widget_type, "form-control")
    attributes: dict[str, str | bool] = {"class": f"{look} {own.get('class', '')}".strip()}
    if own.get("placeholder") in {field.label, field.name}:
        attributes["placeholder"] = False
    return field.as_widget(attrs=attributes)


@register.filter
def choices(field: BoundField) -> list:
    """The radio buttons or check boxes of a field, one by one, with their class."""
    boxes = list(field.subwidgets)
    for box in boxes:
        box.data["attrs"]["class"] = "form-check-input"
    return boxes
