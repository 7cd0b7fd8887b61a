"""The one search: ranked over all kinds, forgiving of parts of words, typing errors and spaces."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import starmap
from typing import NamedTuple

from django.db import connection

from portal.search.text.excerpts import excerpt
from portal.search.text.words import corrected, phrases_of, words_of

from . import registry
from .engines import engine
from .registry import Kind
from .scope import Scope

RANKED_AT_MOST = 2000  # of a query that matches more, the named and then the newest are shown
LETTERS_AT_LEAST = 4  # fewer stand in any title
READ_AT_MOST = 100_000  # characters of a body, for its excerpt


class Match(NamedTuple):
    """One entry that was found: `key` is that of the row."""

    entry: int
    kind: str
    key: int
    score: float = 0.0


@dataclass(frozen=True)
class Found:
    """All that was found, the best first. `words` are those that were found in the end;
    `corrected` is what was searched instead of a query that finds nothing, or None."""

    matches: list[Match]
    words: list[str]
    corrected: str | None = None

    @property
    def keys(self) -> list[int]:
        return [match.key for match in self.matches]

    @property
    def counts(self) -> dict[str, int]:
        """How many there are of each kind."""
        return dict(Counter(match.kind for match in self.matches))


@dataclass(frozen=True)
class Hit:
    """One result, as it is shown; the excerpt is a list of (text, is it a match?)."""

    kind: Kind
    key: int
    slug: str
    title: str
    about: str
    line: str
    facts: dict[str, str]
    excerpt: list[tuple[str, bool]]
    score: float

    @property
    def address(self) -> str:
        return self.kind.address(self.slug)

    @property
    def marks(self) -> bool:
        """Whether the excerpt says why it was found."""
        return any(is_match for _, is_match in self.excerpt)


@dataclass(frozen=True)
class Results:
    """A page of hits. `total` and `counts` by kind are exact below RANKED_AT_MOST."""

    hits: list[Hit]
    total: int
    corrected: str | None = None
    counts: dict[str, int] = field(default_factory=dict)


def search(
    query: str,
    *,
    user,
    kinds: Iterable[str] | None = None,
    filters: Mapping[str, Sequence[str]] | None = None,
    limit: int = 20,
    offset: int = 0,
) -> Results:
    """What this person may see and what has all words of the query, the best first."""
    found = find(query, user=user, kinds=kinds, filters=filters)
    hits = shown(found.matches[offset : offset + limit], found.words)
    return Results(hits, len(found.matches), found.corrected, found.counts)


def find(
    query: str,
    *,
    user,
    kinds: Iterable[str] | None = None,
    filters: Mapping[str, Sequence[str]] | None = None,
    archived: bool = False,
) -> Found:
    """The same without what a result shows: for lists of an app, `archived` ones included."""
    words, scope = words_of(query), Scope.of(user, kinds=kinds, filters=filters, archived=archived)
    if not words or scope is None:
        return Found([], words)
    matches = _matches(words, scope)
    if matches:
        return Found(_phrased_first(matches, words, phrases_of(query), scope), words)
    better = corrected(words, partial(_seen, scope))
    matches = _matches(better, scope) if better != words else []
    return Found(matches, better, " ".join(better)) if matches else Found([], words)


def narrowed(rows, query: str, *, user, kind: str):
    """The rows of a list that have the words, or all of them if there is no query."""
    return forgiven(rows, query, user=user, kind=kind)[0]


def forgiven(rows, query: str, *, user, kind: str) -> tuple:
    """The same with what was searched instead of a query that finds nothing, or ""."""
    if not query.strip():
        return rows, ""
    found = find(query, user=user, kinds=[kind], archived=True)
    return rows.filter(pk__in=found.keys), found.corrected or ""


def _matches(words: list[str], scope: Scope) -> list[Match]:
    """Those whose texts have the words; where no text has them, a title may."""
    return _ranked(words, scope) or _titled(words, scope)


def _ranked(words: list[str], scope: Scope) -> list[Match]:
    """Those whose texts have the words.

    What everything has is not ranked: the database would weigh every entry for it.
    """
    tool = engine()
    near = _weighed_unless_many(words, scope)
    if near is None:
        found = _common(words, scope)
        if len(found) == RANKED_AT_MOST:  # else few of the many may be seen
            return found
        near = _weighed(tool.parts(words), words, scope)
    if len(near) < RANKED_AT_MOST:
        return near
    return _first([*_weighed(tool.whole(words), words, scope), *near])


def _phrased_first(matches: list[Match], words: list[str], phrases: list, scope) -> list[Match]:
    """What has an address, a path or a version as it was typed comes before its mere parts."""
    if not phrases:
        return matches
    tool = engine()
    phrased = _newest(tool.match, tool.phrased(words, phrases), scope)
    ones = {match.entry for match in phrased}
    return _first([*(match for match in matches if match.entry in ones), *phrased, *matches])


def _common(words: list[str], scope: Scope) -> list[Match]:
    """Those whose title is the query, those that are named so, and then the newest."""
    tool = engine()
    named = _newest(tool.match_names, tool.named(words), scope)
    first = _first([*_equal(words, scope), *named])
    if len(first) == RANKED_AT_MOST:
        return first
    return _first([*first, *_newest(tool.match, tool.whole(words), scope)])


def _newest(match: str, expression: str, scope: Scope) -> list[Match]:
    tool = engine()
    return _asked(
        f"SELECT e.id, e.kind, e.key FROM {tool.source} WHERE {match} AND {scope.condition} "
        f"ORDER BY {tool.newest} LIMIT {RANKED_AT_MOST}",
        [scope.of_kinds(expression), *scope.parameters],
    )


def _equal(words: list[str], scope: Scope) -> list[Match]:
    """Those whose title is the query."""
    return _asked(
        "SELECT e.id, e.kind, e.key FROM search_entry e "
        f"WHERE e.squeezed = %s AND {scope.condition} ORDER BY e.id LIMIT {RANKED_AT_MOST}",
        ["".join(words), *scope.parameters],
    )


def _weighed_unless_many(words: list[str], scope: Scope) -> list[Match] | None:
    """As `_weighed` with parts of words; None if more have the words than may be weighed.

    Both in one statement. Those that nobody may see here are many, too.
    """
    tool = engine()
    weighing, parameters = _weighing(tool.parts(words), words, scope, "NOT (SELECT many FROM had)")
    one_more = f"SELECT 1 FROM {tool.texts} WHERE {tool.match} LIMIT 1 OFFSET {RANKED_AT_MOST}"
    rows = _rows(
        f"WITH had(many) AS (SELECT EXISTS ({one_more})), weighed AS ({weighing}) "
        "SELECT had.many, weighed.* FROM had LEFT JOIN weighed ON TRUE",
        [scope.of_kinds(tool.whole(words)), *parameters],
    )
    if rows[0][0]:
        return None
    return _best(row[1:] for row in rows if row[-1] is not None)


def _weighed(expression: str, words: list[str], scope: Scope) -> list[Match]:
    """Those that match, weighed: a title that is the query first."""
    return _best(_rows(*_weighing(expression, words, scope)))


def _weighing(expression: str, words: list[str], scope: Scope, condition="TRUE") -> tuple:
    """SQL and its parameters. `condition` is asked before anything is read."""
    tool = engine()
    rank, weighed = tool.rank(words)
    sql = (
        f"SELECT e.squeezed = %s AS is_title, {rank} AS score, e.id, e.kind, e.key "
        f"FROM {tool.source} WHERE {condition} AND {tool.match} AND {scope.condition} "
        f"ORDER BY {tool.newest} LIMIT {RANKED_AT_MOST}"
    )
    return sql, ["".join(words), *weighed, scope.of_kinds(expression), *scope.parameters]


def _best(rows: Iterable[tuple]) -> list[Match]:
    """Of rows as `_weighing` reads them."""
    best = sorted(rows, key=lambda row: (not row[0], -row[1], row[2]))
    return [Match(entry, kind, key, score) for _, score, entry, kind, key in best]


def _titled(words: list[str], scope: Scope) -> list[Match]:
    """Those whose title has the words when spaces and hyphens do not count: failover, fail over."""
    length = sum(map(len, words))
    if length < LETTERS_AT_LEAST:
        return []
    inside = " AND ".join([engine().inside] * len(words))
    return _asked(
        f"SELECT e.id, e.kind, e.key, CAST({length} AS double precision) / length(e.squeezed) "
        f"FROM search_entry e WHERE {inside} AND {scope.condition} "
        f"ORDER BY 4 DESC, e.id LIMIT {RANKED_AT_MOST}",
        [*words, *scope.parameters],
    )


def _seen(scope: Scope, near: list[tuple[str, str]], *, across: bool) -> set[str]:
    """Of (typed, word): the words that stand in something that may be found.

    `across`: also those that stand in its title without spaces, if no word for what was typed does.
    """
    tool = engine()
    asked, parameters = tool.asked(near)
    found = tool.match.replace("%s", "expression")
    sql = (
        f"WITH asked(typed, word, expression) AS ({asked}), "
        "whole AS (SELECT typed, word FROM asked WHERE EXISTS "
        f"(SELECT 1 FROM {tool.source} WHERE {found} AND {scope.condition})) "
        "SELECT word FROM whole"
    )
    if across:
        titled = tool.inside.replace("%s", "word")
        sql += (
            " UNION SELECT word FROM asked WHERE typed NOT IN (SELECT typed FROM whole) AND EXISTS "
            f"(SELECT 1 FROM search_entry e WHERE {titled} AND {scope.condition})"
        )
    times = 2 if across else 1
    return {word for (word,) in _rows(sql, [*parameters, *scope.parameters * times])}


def _first(matches: Iterable[Match]) -> list[Match]:
    """Each once, in the order in which they come first."""
    once: dict[int, Match] = {}
    for match in matches:
        once.setdefault(match.entry, match)
    return list(once.values())[:RANKED_AT_MOST]


def shown(matches: Sequence[Match], words: list[str]) -> list[Hit]:
    """What the results show, in the order of the matches."""
    if not matches:
        return []
    marks = ", ".join(["%s"] * len(matches))
    columns = f"id, slug, title, about, line, facts, substr(body, 1, {READ_AT_MOST})"
    rows = _rows(
        f"SELECT {columns} FROM search_entry WHERE id IN ({marks})",
        [match.entry for match in matches],
    )
    texts = {row[0]: row[1:] for row in rows}
    return [_hit(match, texts[match.entry], words) for match in matches if match.entry in texts]


def _hit(match: Match, text: tuple, words: list[str]) -> Hit:
    slug, title, about, line, facts, body = text
    return Hit(
        kind=registry.kind(match.kind),
        key=match.key,
        slug=slug,
        title=title,
        about=about,
        line=line,
        facts=json.loads(facts),
        excerpt=excerpt(body, words),
        score=match.score,
    )


def _asked(sql: str, parameters: list) -> list[Match]:
    return list(starmap(Match, _rows(sql, parameters)))


def _rows(sql: str, parameters: list) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall()
