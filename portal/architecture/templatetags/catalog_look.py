"""`{% load catalog_look %}`: states and kinds of the catalog in words."""

from datetime import date

from django import template
from django.utils.safestring import SafeString

from portal.architecture.models import ServiceKind
from portal.core.web.days import days

register = template.Library()
DOWN, DEGRADED = SafeString("down"), SafeString('<span class="soft">degraded</span>')


@register.filter
def kind_name(kind: str) -> str:
    """The kind of a thing in a diagram: a service, a group of them, or what is outside."""
    return str({**dict(ServiceKind.choices), "group": "Group"}.get(kind, "Outside"))


@register.filter
def without(hard: bool) -> SafeString:
    """What becomes of a service without what it needs."""
    return DOWN if hard else DEGRADED


@register.filter
def rotation(item, today: date) -> dict | None:
    """When it has to be changed; None if it never has."""
    if not item.rotation_days:
        return None
    if item.rotated_on is None:
        return {"tone": "bad", "icon": "late", "word": "Never rotated", "loud": True}
    due = item.rotation_due
    if due < today:
        word = f"Late by {days((today - due).days)}"
        return {"tone": "bad", "icon": "late", "word": word, "loud": True}
    word = f"Due {due:%-d %b %Y}"
    if item.is_due_soon(on=today):
        return {"tone": "warn", "icon": "stale", "word": word, "loud": False}
    return {"tone": "idle", "icon": "clock", "word": word, "loud": False}
