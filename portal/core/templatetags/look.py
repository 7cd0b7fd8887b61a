"""`{% load look %}`: addresses of static files, and form fields in our clothes."""

from datetime import timedelta

from django import template
from django.forms import BoundField
from django.utils.safestring import SafeString

from portal.core.context import address

register = template.Library()

CLASSES = {
    "checkbox": "form-check-input",
    "select": "form-select",
    "selectmultiple": "form-select",
}


@register.simple_tag
def asset(path: str) -> str:
    """The address of a static file, like `{% static %}`, remembered."""
    return address(path)


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
