"""The one search: ranked, with marked excerpts, forgiving of parts of words, typos and spaces.

Everything that a database does differently is in the two classes `SQLite` and `PostgreSQL`;
another engine would be a third with the same members.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection, transaction
from django.db.models import BooleanField, FloatField, Func, Q, TextField, Value
from rapidfuzz import fuzz, process

from .excerpts import excerpt
from .models import AlertName, Runbook, SearchEntry, SearchWord

RANKED_AT_MOST = 2000  # of a query that matches more, the named and then the newest are shown
WORDS_AT_MOST = 12
WORDS_AT_ONCE = 5000  # looked up and stored in one query
CLOSE_ENOUGH = 74
LETTERS_AT_LEAST = 4  # fewer stand in any title
TITLES_AT_MOST = 20_000
OPEN_MARK, CLOSE_MARK = "\x02", "\x03"  # no text has them: the index drops control characters
WORD = re.compile(r"\w+")
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f]")
INNER = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|[_\-/.]+")
FILTERS = {
    "section": "runbook__section__in",
    "kind": "runbook__kind__in",
    "owner": "runbook__owner__slug__in",
}


@dataclass(frozen=True)
class Hit:
    """One runbook that was found; the excerpt is a list of (text, is it a match?)."""

    runbook_id: int
    slug: str
    title: str
    section: str
    kind: str
    excerpt: list[tuple[str, bool]]
    score: float


@dataclass(frozen=True)
class Results:
    """A page of hits. `total` is exact below RANKED_AT_MOST; `corrected` is what was searched
    instead of a query that finds nothing, or None."""

    hits: list[Hit]
    total: int
    corrected: str | None = None


class SQLite:
    """FTS5: bm25 with weights for title, names and body."""

    match = "runbooks_search.runbooks_search MATCH %(expressions)s"
    rank = "-bm25(runbooks_search, 0.0, 10.0, 8.0, 1.0)"
    excerpt = "runbooks_search.body"

    @staticmethod
    def marked(body: str, words: list[str]) -> list[tuple[str, bool]]:
        """(text, is it a match?) from what `excerpt` selected."""
        return excerpt(body, words)

    @staticmethod
    def parts(words: list[str]) -> str:
        """Words that begin so."""
        return " ".join(f'"{word}"*' for word in words)

    @staticmethod
    def whole(words: list[str]) -> str:
        return " ".join(f'"{word}"' for word in words)

    @staticmethod
    def named(words: list[str]) -> str:
        """Whole words in title and names only."""
        return f"{{title names}} : ({SQLite.whole(words)})"


class PostgreSQL:
    """tsvector with weights A, B, D; `simple`, because alerts and commands are no English."""

    match = "runbooks_search.vector @@ to_tsquery('simple', %(expressions)s)"
    rank = "ts_rank_cd(runbooks_search.vector, to_tsquery('simple', %(expressions)s))"
    excerpt = (
        "ts_headline('simple', left(runbooks_search.body, 20000), "
        "to_tsquery('simple', %(expressions)s), "
        "'StartSel=' || chr(2) || ',StopSel=' || chr(3) || ',MaxWords=28,MinWords=14')"
    )

    @staticmethod
    def marked(headline: str, words: list[str]) -> list[tuple[str, bool]]:
        """(text, is it a match?) from what `excerpt` selected."""
        parts = re.split(f"[{OPEN_MARK}{CLOSE_MARK}]", headline)
        return [(part, number % 2 == 1) for number, part in enumerate(parts) if part]

    @staticmethod
    def parts(words: list[str]) -> str:
        """Words that begin so."""
        return " & ".join(f"'{word}':*" for word in words)

    @staticmethod
    def whole(words: list[str]) -> str:
        return " & ".join(f"'{word}'" for word in words)

    @staticmethod
    def named(words: list[str]) -> str:
        """Whole words in title and names only."""
        return " & ".join(f"'{word}':AB" for word in words)


def engine() -> type[SQLite] | type[PostgreSQL]:
    return PostgreSQL if connection.vendor == "postgresql" else SQLite


def search(query: str, *, user, filters=None, limit: int = 20, offset: int = 0) -> Results:
    """What this person may see and what matches all words of the query, the best first."""
    words = words_of(query)
    if not words:
        return Results([], 0)
    found, corrected = _found(words, user, filters or {}), None
    if not found:
        better = [_nearest(word) for word in words]
        if better != words:
            found = _found(better, user, filters or {})
            words, corrected = better, " ".join(better) if found else None
    page = found[offset : offset + limit]
    return Results(_hits(page, words), len(found), corrected)


def words_of(query: str) -> list[str]:
    return WORD.findall(query.lower())[:WORDS_AT_MOST]


def _matching(text: str):
    condition = Func(Value(text), template=engine().match, output_field=BooleanField())
    return SearchEntry.objects.filter(condition)


def _found(words: list[str], user, filters) -> list[tuple[int, float]]:
    """(runbook id, score), the best first; where no text has the words, a title may."""
    if not user.has_perm("runbooks.view_runbook"):
        return []
    narrowed = _narrowed(user, filters)
    return _ranked(words, narrowed) or _titled(words, narrowed)


def _titled(words: list[str], narrowed: Q) -> list[tuple[int, float]]:
    """Those whose title has the words when spaces and hyphens do not count: failover, fail over."""
    length = sum(map(len, words))
    if length < LETTERS_AT_LEAST:
        return []
    rows = SearchEntry.objects.filter(narrowed).values_list("pk", "title")[:TITLES_AT_MOST]
    titles = [(key, "".join(WORD.findall(title.lower()))) for key, title in rows]
    scored = [(k, length / len(title)) for k, title in titles if all(w in title for w in words)]
    return sorted(scored, key=lambda row: (-row[1], row[0]))


def _ranked(words: list[str], narrowed: Q) -> list[tuple[int, float]]:
    """Those whose texts have the words.

    What everything has is not ranked: the database would weigh every runbook for it.
    """
    whole = engine().whole(words)
    common = _newest(whole, narrowed)
    if len(common) > RANKED_AT_MOST:
        named = set(_newest(engine().named(words), narrowed))
        keys = [*sorted(named, reverse=True), *(key for key in common if key not in named)]
        return [(key, 1.0 if key in named else 0.0) for key in keys[:RANKED_AT_MOST]]
    parts = engine().parts(words)
    arguments = [] if engine() is SQLite else [Value(parts)]
    rank = Func(*arguments, template=engine().rank, output_field=FloatField())
    rows = _matching(parts).filter(narrowed).annotate(score=rank).order_by("-pk")
    scored = rows.values_list("pk", "score")[:RANKED_AT_MOST]
    return sorted(scored, key=lambda row: (-row[1], row[0]))


def _newest(text: str, narrowed: Q) -> list[int]:
    rows = _matching(text).filter(narrowed).order_by("-pk").values_list("pk", flat=True)
    return list(rows[: RANKED_AT_MOST + 1])


def _narrowed(user, filters) -> Q:
    chosen = Q() if user.has_perm("runbooks.view_version") else Q(published="y")
    for name, values in filters.items():
        if values and name == "service":
            chosen &= Q(runbook__in=Runbook.objects.filter(services__slug__in=values))
        elif values:
            chosen &= Q(**{FILTERS[name]: values})
    return chosen


def _hits(page: list[tuple[int, float]], words: list[str]) -> list[Hit]:
    if not page:
        return []
    scores = dict(page)
    places = {key: place for place, key in enumerate(scores)}
    arguments = [] if engine() is SQLite else [Value(engine().parts(words))]
    cut = Func(*arguments, template=engine().excerpt, output_field=TextField())
    names = ("runbook__slug", "runbook__title", "runbook__section", "runbook__kind")
    rows = SearchEntry.objects.filter(pk__in=scores).annotate(cut=cut)
    hits = [
        Hit(pk, slug, title, section, kind, engine().marked(cut or "", words), scores[pk])
        for pk, slug, title, section, kind, cut in rows.values_list("pk", *names, "cut")
    ]
    return sorted(hits, key=lambda hit: places[hit.runbook_id])


def _nearest(word: str) -> str:
    """The known word that this one was probably meant to be, or the word itself."""
    near = SearchWord.objects.filter(word__startswith=word[:1]) | SearchWord.objects.filter(
        word__endswith=word[-2:]
    )
    return nearest_of(word, list(near.values_list("word", flat=True)[:50_000]))


def nearest_of(word: str, choices: Iterable[str]) -> str:
    """The one of these that a word with a small typing error was meant to be, or the word."""
    best = process.extractOne(word, choices, scorer=fuzz.ratio, score_cutoff=CLOSE_ENOUGH)
    return best[0] if best else word


# Writing


@transaction.atomic
def index(runbook: Runbook) -> None:
    """Make search know the runbook as it is now; an archived one is forgotten."""
    Runbook.objects.select_for_update().get(pk=runbook.pk)  # two at once would both insert
    SearchEntry.objects.filter(pk=runbook.pk).delete()
    if runbook.archived_at:
        return
    version = runbook.published if runbook.published_id else runbook.newest
    alerts = runbook.alerts.values_list("name", flat=True)
    _put([_entry(runbook, version.plain if version else "", list(alerts))])


def index_new(runbooks: list[Runbook]) -> None:
    """Make search know published runbooks that it does not know yet, in a few queries for all."""
    alerts: dict[int, list[str]] = {runbook.pk: [] for runbook in runbooks}
    for key, name in AlertName.objects.filter(runbook__in=alerts).values_list("runbook", "name"):
        alerts[key].append(name)
    _put([_entry(each, each.published.plain, alerts[each.pk]) for each in runbooks])


def _entry(runbook: Runbook, plain: str, alerts: list[str]) -> SearchEntry:
    names = [*alerts, runbook.slug]
    return SearchEntry(
        pk=runbook.pk,
        published="y" if runbook.published_id else "n",
        title=_clean(runbook.title),
        names=_clean(" ".join([*names, *(INNER.sub(" ", name) for name in names)])),
        body=_clean(plain),
    )


def _put(entries: list[SearchEntry]) -> None:
    SearchEntry.objects.bulk_create(entries)
    learn(*(f"{entry.title} {entry.names} {entry.body}" for entry in entries))


def learn(*texts: str) -> None:
    """Remember the words of texts for `_nearest`."""
    words = {word for text in texts for word in WORD.findall(text.lower())}
    kept = sorted(word for word in words if 3 < len(word) <= 40)
    for start in range(0, len(kept), WORDS_AT_ONCE):
        part = kept[start : start + WORDS_AT_ONCE]
        known = set(SearchWord.objects.filter(word__in=part).values_list("word", flat=True))
        new = [SearchWord(word=word) for word in part if word not in known]
        SearchWord.objects.bulk_create(new, ignore_conflicts=True)


def _clean(text: str) -> str:
    return CONTROL.sub(" ", text)
