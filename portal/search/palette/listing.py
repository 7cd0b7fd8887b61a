"""What the command palette lists for some words: pages, verbs, favourites and what is found."""

from collections.abc import Iterable
from typing import NamedTuple
from urllib.parse import urlencode

from django.contrib import admin
from django.urls import reverse

from portal.core.web.navigation import Entry, Link, links, rail
from portal.search.favourites.listing import favourites
from portal.search.query import search
from portal.search.text.scripts import plain
from portal.search.text.words import LONGEST_QUERY, words_of

HITS, FAVOURITES, PAGES = 8, 8, 8


class Line(NamedTuple):
    label: str
    icon: str
    address: str
    about: str = ""


class Group(NamedTuple):
    title: str
    lines: list[Line]


def groups(request, query: str) -> list[Group]:
    """What stands under each heading, the most likely first; nothing that one may not open."""
    query = query.replace("\x00", "").strip()[:LONGEST_QUERY]
    found = _named(request, query) if query else _at_hand(request.user)
    return [group for group in found if group.lines]


def _at_hand(user) -> list[Group]:
    kept = [Line(*_shown(each)) for each in favourites(user, most=FAVOURITES)]
    pages = [Line(each.label, each.icon, each.address) for each in rail(user)]
    return [Group("Favourites", kept), Group("Do", _verbs(user)), Group("Go to", pages)]


def _named(request, query: str) -> list[Group]:
    user, words = request.user, words_of(query)
    results = search(query, user=user, limit=HITS)
    hits = [Line(*_shown(hit)) for hit in results.hits]
    everywhere = f"{reverse('search')}?{urlencode({'q': query})}"
    return [
        Group("Do", _having(words, _verbs(user))),
        Group("Go to", _having(words, _pages(request))[:PAGES]),
        Group("Closest matches" if results.corrected else "Found", hits),
        Group("Everything", [Line(f"Search for “{query}”", "search", everywhere)]),
    ]


def _shown(row) -> tuple[str, str, str, str]:
    about = f"{row.kind.label} · {row.about}" if row.about else row.kind.label
    return row.title, row.kind.icon, row.address, about


def _verbs(user) -> list[Line]:
    return [Line(each.label, each.icon, each.address) for each in links("VERBS", user)]


def _pages(request) -> list[Line]:
    """The lines of the rail, the pages below them, and those of the administration."""
    own: list[Entry | Link] = [*rail(request.user), *links("PAGES", request.user)]
    return [*(Line(each.label, each.icon, each.address) for each in own), *_administration(request)]


def _administration(request) -> list[Line]:
    if not request.user.is_staff:
        return []
    models = (model for app in admin.site.get_app_list(request) for model in app["models"])
    lines = (
        Line(str(model["name"]), "settings", model["admin_url"], "Administration")
        for model in models
        if model.get("admin_url")
    )
    return [Line("Administration", "settings", reverse("admin:index")), *lines]


def _having(words: list[str], lines: Iterable[Line]) -> list[Line]:
    """Those in whose label each word begins one."""
    return [line for line in lines if words and all(_begins(word, line.label) for word in words)]


def _begins(word: str, label: str) -> bool:
    return f" {word}" in f" {plain(label)}"
