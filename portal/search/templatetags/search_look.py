"""`{% load search_look %}`: the piece of a text that shows why it was found."""

from collections.abc import Iterable

from django import template
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

register = template.Library()

MARK, MARK_END = SafeString("<mark>"), SafeString("</mark>")


@register.filter
def marked(parts: Iterable[tuple[str, bool]]) -> SafeString:
    """(text, is it a match?) with the matches marked; a loop in a template costs several times."""
    rows = ((MARK, text, MARK_END) if is_match else ("", text, "") for text, is_match in parts)
    return format_html_join("", "{}{}{}", rows)
