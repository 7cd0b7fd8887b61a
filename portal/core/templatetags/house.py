"""`{% load house %}`: the rail, in which every app has its lines."""

from itertools import groupby
from typing import NamedTuple

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.http import urlencode
from django.utils.safestring import SafeString

from portal.core.templatetags.look import icon
from portal.core.web.desk import Link, rail_links
from portal.core.web.navigation import (
    Entry,
    Group,
    Handled,
    alarms,
    current,
    handled,
    links_for,
    rail,
    urgent_links,
)

register = template.Library()
CURRENT = format_html(' aria-current="{}"', "page")


class Line(NamedTuple):
    """One line of the rail on this page."""

    entry: Entry | Link
    is_current: bool
    waiting: int


@register.simple_tag(takes_context=True)
def rail_groups(context) -> dict[str, list[Line]]:
    """The lines for the person who looks, by the name of their group; each group is there."""
    match, user = context["request"].resolver_match, context["user"]
    view, namespace = (match.view_name, match.namespace) if match else ("", "")
    entries = rail(user)
    here = current(entries, view, namespace)
    lines = [_line(entry, here, user, namespace) for entry in entries]
    found = groupby(lines, key=lambda line: line.entry.group)
    return {group.name.lower(): [] for group in Group} | {
        group.name.lower(): list(part) for group, part in found
    }


@register.simple_tag(takes_context=True)
def alarm_line(context) -> SafeString | str:
    """The worst thing that is open, on every page but its own; of more how many there are."""
    request, user = context["request"], context["user"]
    found = alarms(user) if user.is_authenticated else []
    others = [each for each in found if each.address != request.path]
    if not others:
        return ""
    worst, more = others[0], len(others) - 1
    tone = "" if worst.is_calm else "tone is-bad "
    state = '<span class="{}nowrap" data-changes>{}</span>'
    return format_html(
        '<div class="alarm" role="region" aria-label="Open incident">'
        '<span class="sev sev-{}">{}</span>'
        '<a class="alarm-title" href="{}">{}</a>{}{}</div>',
        worst.level,
        worst.label,
        worst.address,
        worst.title,
        format_html(state, tone, worst.state) if worst.state else "",
        format_html('<span class="nowrap push">and {} more</span>', more) if more else "",
    )


@register.simple_tag(takes_context=True)
def urgent_buttons(context) -> SafeString:
    """What has to be at hand in the bar above every page; without its words on a phone."""
    found = urgent_links(context["user"]) if context["user"].is_authenticated else []
    about = ((link.address, icon(link.icon), link.label) for link in found)
    button = '<a class="btn btn-bad urgent-act" href="{}">{}<span>{}</span></a>'
    return format_html_join("", button, about)


@register.simple_tag(takes_context=True)
def offers_for(context, kind: str, key: int | str) -> SafeString:
    """The buttons that other apps offer on the page of a thing of this kind."""
    found = links_for(kind, context["user"])
    about = ((link.address, urlencode({kind: key}), icon(link.icon), link.label) for link in found)
    return format_html_join("", '<a class="btn" href="{}?{}">{}{}</a>', about)


@register.simple_tag(takes_context=True)
def handled_in(context, kind: str, key: int) -> Handled | None:
    """Where a thing of this kind is worked on; None: nowhere that this person may know of."""
    return handled(kind, [key], context["user"]).get(key)


@register.simple_tag(takes_context=True)
def desk_lines(context) -> list[Line]:
    """The lines of the administration, shown while one is there."""
    match = context["request"].resolver_match
    found = rail_links(context["user"], match.url_name or "" if match else "")
    return [Line(link, is_current, 0) for link, is_current in found]


@register.simple_tag
def nav_lines(lines: list[Line]) -> SafeString:
    """Lines as items of a list. Put together here, as they stand on every page."""
    about = (
        (
            line.entry.address,
            CURRENT if line.is_current else "",
            icon(line.entry.icon),
            line.entry.label,
            _waiting(line),
        )
        for line in lines
    )
    return format_html_join("\n", '<li><a href="{}"{}>{}{}{}</a></li>', about)


def _waiting(line: Line) -> SafeString | str:
    if not line.waiting or isinstance(line.entry, Link):
        return ""
    return format_html(
        '<span class="count">{}<span class="visually-hidden"> {}</span></span>',
        line.waiting,
        line.entry.counted,
    )


def _line(entry: Entry, here: Entry | None, user, namespace: str) -> Line:
    """Pages of the same app ask anew how many wait."""
    fresh = bool(namespace) and entry.view.partition(":")[0] == namespace
    return Line(entry, entry is here, entry.count(user, fresh) if entry.count else 0)
