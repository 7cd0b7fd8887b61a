"""What the search page shows: the results, how many there are of each kind, and the filters."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.core.cache import caches
from django.utils.safestring import SafeString

from portal.core.templatetags.look import options
from portal.search import registry
from portal.search.query import RANKED_AT_MOST, Results, find, search
from portal.search.registry import Filter, Kind
from portal.search.text.words import LONGEST_QUERY

HITS_SHOWN = 20
PAGES_AT_MOST = RANKED_AT_MOST // HITS_SHOWN
VALUES_AT_MOST, LONGEST_VALUE = 20, 60
REMEMBERED = 60  # seconds, for the names of services and teams


@dataclass(frozen=True)
class Facet:
    """A kind, and how many results it has."""

    kind: Kind
    count: int
    is_chosen: bool


@dataclass(frozen=True)
class Select:
    """A filter with what was chosen in it."""

    filter: Filter
    chosen: list[str]

    @property
    def options(self) -> SafeString:
        """Its choices as HTML; where nothing is chosen, as they were at most a minute ago."""
        if self.chosen:
            return options(self.filter.choices(), self.chosen)
        cache, key = caches["process"], f"search:{self.filter.name}"
        found: SafeString | None = cache.get(key)
        if found is None:
            found = options(self.filter.choices(), ())
            cache.set(key, found, REMEMBERED)
        return found


@dataclass(frozen=True)
class Asked:
    """What the address of the page says."""

    query: str
    types: list[str]
    filters: dict[str, list[str]]
    page: int

    @classmethod
    def of(cls, parameters) -> "Asked":
        known = {kind.name for kind in registry.kinds()}
        return cls(
            query=parameters.get("q", "").replace("\x00", "").strip()[:LONGEST_QUERY],
            types=[name for name in _values(parameters, "type") if name in known],
            filters={each.name: _values(parameters, each.name) for each in registry.filters()},
            page=_page(parameters.get("page", "")),
        )

    @property
    def narrowing(self) -> list[tuple[str, str]]:
        """(name, value) of all that was chosen beside the words, as they stand in an address."""
        return [
            *(("type", name) for name in self.types),
            *((name, value) for name, values in self.filters.items() for value in values),
        ]

    def address(self, page: int) -> str:
        more = [("page", str(page))] if page > 1 else []
        return f"?{urlencode([('q', self.query), *self.narrowing, *more])}"


class SearchPage:
    """One page of results for one person."""

    def __init__(self, asked: Asked, *, user):
        self.asked, self.user = asked, user
        self.results = self._results()

    def _results(self) -> Results:
        asked = self.asked
        return search(
            asked.query,
            user=self.user,
            kinds=asked.types or None,
            filters=asked.filters,
            limit=HITS_SHOWN,
            offset=(asked.page - 1) * HITS_SHOWN,
        )

    @property
    def first(self) -> int:
        return (self.asked.page - 1) * HITS_SHOWN + 1

    @property
    def previous(self) -> str:
        """The address of the page before this one, or nothing."""
        return self.asked.address(self.asked.page - 1) if self.asked.page > 1 else ""

    @property
    def following(self) -> str:
        more = self.asked.page * HITS_SHOWN < min(self.results.total, PAGES_AT_MOST * HITS_SHOWN)
        return self.asked.address(self.asked.page + 1) if more else ""

    @property
    def facets(self) -> list[Facet]:
        """The kinds that have results, and those that were chosen; counted as if none were."""
        counts, types = self._counts(), self.asked.types
        return [
            Facet(kind, counts.get(kind.name, 0), kind.name in types)
            for kind in registry.kinds_for(self.user)
            if kind.name in counts or kind.name in types
        ]

    def _counts(self) -> Mapping[str, int]:
        """Of the chosen kinds what they show: among these alone, other words may be nearest."""
        asked, shown = self.asked, self.results.counts
        if not asked.types:
            return shown
        every = find(asked.query, user=self.user, filters=asked.filters).counts
        others = {name: count for name, count in every.items() if name not in asked.types}
        return {**others, **shown}

    @property
    def selects(self) -> list[Select]:
        """The filters of the kinds that this person may see."""
        shown = {each for kind in registry.kinds_for(self.user) for each in kind.filters}
        return [
            Select(each, self.asked.filters[each.name])
            for each in registry.filters()
            if each in shown
        ]


def _values(parameters: Mapping, name: str) -> list[str]:
    values = parameters.getlist(name)[:VALUES_AT_MOST]  # type: ignore[attr-defined]
    return [clean for value in values if (clean := value.replace("\x00", "")[:LONGEST_VALUE])]


def _page(text: str) -> int:
    if not text.isdecimal() or not 0 < len(text) < 5:
        return 1
    return min(max(int(text), 1), PAGES_AT_MOST)
