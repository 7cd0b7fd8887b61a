"""`{% load search_look %}`: why something was found, and the star of a page."""

from collections.abc import Iterable

from django import template
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from portal.search import registry
from portal.search.favourites.listing import is_favourite

register = template.Library()

MARK, MARK_END = SafeString("<mark>"), SafeString("</mark>")


@register.inclusion_tag("search/_star.html", takes_context=True)
def star(context, kind: str, slug: str, title: str) -> dict:
    """The button that keeps this page among the favourites of the reader."""
    user = context["user"]
    return {
        "kind": registry.kind(kind),
        "slug": slug,
        "title": title,
        "user": user,
        "is_favourite": is_favourite(user, kind, slug),
        "csrf_token": context.get("csrf_token"),
    }


@register.filter
def marked(parts: Iterable[tuple[str, bool]]) -> SafeString:
    """(text, is it a match?) with the matches marked; a loop in a template costs several times."""
    rows = ((MARK, text, MARK_END) if is_match else ("", text, "") for text, is_match in parts)
    return format_html_join("", "{}{}{}", rows)
