"""The one search: ranked over all kinds, forgiving of parts of words, typing errors and spaces."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import starmap
from typing import NamedTuple

from portal.search.text.terms import Terms
from portal.search.text.words import corrected

from . import registry
from .engines import engine, rows_of
from .models import Entry
from .results.hits import Hit, shown
from .scope import Scope

RANKED_AT_MOST = 2000  # of a query that matches more, the named and then the newest are shown
LETTERS_AT_LEAST = 4  # fewer stand in any title


class Match(NamedTuple):
    """One entry that was found: `key` is that of the row."""

    entry: int
    kind: str
    key: int
    score: float = 0.0


@dataclass(frozen=True)
class Found:
    """All that was found, the best first. `terms` are those that were found in the end;
    `corrected` is what was searched instead of what stands nowhere, or None."""

    matches: list[Match]
    terms: Terms
    corrected: str | None = None

    @property
    def keys(self) -> list[int]:
        return [match.key for match in self.matches]

    @property
    def counts(self) -> dict[str, int]:
        """How many there are of each kind."""
        return dict(Counter(match.kind for match in self.matches))


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
    hits = shown(found.matches[offset : offset + limit], found.terms)
    return Results(hits, len(found.matches), found.corrected, found.counts)


def find(
    query: str,
    *,
    user,
    kinds: Iterable[str] | None = None,
    filters: Mapping[str, Sequence[str]] | None = None,
    archived: bool = False,
    forgiving: bool = True,
) -> Found:
    """The same without what a result shows: for lists of an app, `archived` ones included.

    Not `forgiving`: what stands nowhere is not led to what is spelled like it.
    """
    asked, scope = Terms.of(query), Scope.of(user, kinds=kinds, filters=filters, archived=archived)
    if not asked.words or scope is None:
        return Found([], asked)
    matches, is_exact = _matches(asked, scope)
    is_led = forgiving and not matches
    better = asked if not is_led else asked.led_to(corrected(asked.words, partial(_seen, scope)))
    if better != asked:
        matches, is_exact = _matches(better, scope)[0], False
    if not matches:
        return Found([], asked)
    return Found(_led(matches, better.words), better, None if is_exact else better.spoken)


def narrowed(rows, query: str, *, user, kind: str):
    """The rows of a list that have the words, or all of them if there is no query."""
    return forgiven(rows, query, user=user, kind=kind)[0]


def forgiven(rows, query: str, *, user, kind: str) -> tuple:
    """The same with what was searched instead of a query that finds nothing, or ""."""
    if not query.strip():
        return rows, ""
    found = find(query, user=user, kinds=[kind], archived=True)
    return rows.filter(pk__in=found.keys), found.corrected or ""


def _led(matches: list[Match], words: list[str]) -> list[Match]:
    """The same; what yields comes after what it yields to, and after a title that is the query."""
    kind = registry.kind(matches[0].kind)
    if kind.yields is None or len(matches) == 1:
        return matches
    before = kind.yields(matches[0].key)
    name, keys = registry.kind_of_model(before.model).name, set(before.values_list("pk", flat=True))
    led = [each for each in matches if each.kind == name and each.key in keys]
    titled = Entry.objects.filter(squeezed="".join(words)).exclude(kind=kind.name)
    entries = set(titled.values_list("pk", flat=True)[:RANKED_AT_MOST])
    return _first([*led, *(each for each in matches if each.entry in entries), *matches])


def _matches(terms: Terms, scope: Scope) -> tuple[list[Match], bool]:
    """What has the words, and whether that is what was asked for: literally, where that counts.

    Phrases come before their mere parts, and of quoted ones only the phrases are meant.
    """
    near = _ranked(terms, scope) or _titled(terms.titled, scope)
    exact = _phrased(terms, scope) if terms.phrases else []
    is_exact = bool(exact) or not terms.is_literal
    first = exact if is_exact else _phrased(terms, scope, begun=True)
    ones, rest = {match.entry for match in first}, near if not (exact and terms.is_quoted) else []
    return _first([*(match for match in near if match.entry in ones), *first, *rest]), is_exact


def _phrased(terms: Terms, scope: Scope, *, begun: bool = False) -> list[Match]:
    """What has an address, a path or a version as it was typed; `begun`: or begins so."""
    tool = engine()
    return _newest(tool.match, tool.phrased(terms.words, terms.phrases, begun=begun), scope)


def _ranked(terms: Terms, scope: Scope) -> list[Match]:
    """Those whose texts have the words.

    What everything has is not ranked: the database would weigh every entry for it.
    """
    tool, words = engine(), terms.words
    near = _weighed_unless_many(terms, scope)
    if near is None:
        found = _common(words, scope)
        if len(found) == RANKED_AT_MOST:  # else few of the many may be seen
            return found
        near = _weighed(tool.parts(words, terms.whole), words, scope)
    if len(near) < RANKED_AT_MOST:
        return near
    return _first([*_weighed(tool.whole(words), words, scope), *near])


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


def _weighed_unless_many(terms: Terms, scope: Scope) -> list[Match] | None:
    """As `_weighed` with parts of words; None if more have the words than may be weighed.

    Both in one statement. Those that nobody may see here are many, too.
    """
    tool, words = engine(), terms.words
    parts, few = tool.parts(words, terms.whole), "NOT (SELECT many FROM had)"
    weighing, parameters = _weighing(parts, words, scope, few)
    one_more = f"SELECT 1 FROM {tool.texts} WHERE {tool.match} LIMIT 1 OFFSET {RANKED_AT_MOST}"
    found = rows_of(
        f"WITH had(many) AS (SELECT EXISTS ({one_more})), weighed AS ({weighing}) "
        "SELECT had.many, weighed.* FROM had LEFT JOIN weighed ON TRUE",
        [scope.of_kinds(tool.whole(words)), *parameters],
    )
    if found[0][0]:
        return None
    return _best(row[1:] for row in found if row[-1] is not None)


def _weighed(expression: str, words: list[str], scope: Scope) -> list[Match]:
    """Those that match, weighed: a title that is the query first."""
    return _best(rows_of(*_weighing(expression, words, scope)))


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


def _best(found: Iterable[tuple]) -> list[Match]:
    """Of rows as `_weighing` reads them."""
    best = sorted(found, key=lambda row: (not row[0], -row[1], row[2]))
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
    return {word for (word,) in rows_of(sql, [*parameters, *scope.parameters * times])}


def _first(matches: Iterable[Match]) -> list[Match]:
    """Each once, in the order in which they come first."""
    once: dict[int, Match] = {}
    for match in matches:
        once.setdefault(match.entry, match)
    return list(once.values())[:RANKED_AT_MOST]


def _asked(sql: str, parameters: list) -> list[Match]:
    return list(starmap(Match, rows_of(sql, parameters)))
