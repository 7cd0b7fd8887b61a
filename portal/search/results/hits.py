"""One result as it is shown, with the place in its text that says why it was found."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.db.models.functions import Substr

from portal.search import registry
from portal.search.models import Entry
from portal.search.registry import Kind
from portal.search.text.excerpts import excerpt
from portal.search.text.terms import Terms

READ_AT_MOST = 100_000  # characters of a body, for its excerpt


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
        return _is_marked(self.excerpt)


def shown(matches: Sequence, terms: Terms) -> list[Hit]:
    """What the results show, in the order of the matches of a query."""
    if not matches:
        return []
    body = Substr("body", 1, READ_AT_MOST)
    columns = ("pk", "slug", "title", "about", "line", "facts", body)
    found = Entry.objects.filter(pk__in=[match.entry for match in matches]).values_list(*columns)
    texts = {row[0]: row[1:] for row in found}
    hits = [_hit(match, texts[match.entry], terms) for match in matches if match.entry in texts]
    return _with_states(hits)


def _with_states(hits: list[Hit]) -> list[Hit]:
    """The same; of kinds that have a state, what they are about is how they are now."""
    slugs: dict[str, list[str]] = defaultdict(list)
    for hit in hits:
        slugs[hit.kind.name].append(hit.slug)
    asked = ((name, registry.kind(name).state) for name in slugs)
    states = {name: state(slugs[name]) for name, state in asked if state}
    return [
        replace(hit, about=states.get(hit.kind.name, {}).get(hit.slug, hit.about)) for hit in hits
    ]


def _hit(match, text: tuple, terms: Terms) -> Hit:
    slug, title, about, line, facts, body = text
    return Hit(
        kind=registry.kind(match.kind),
        key=match.key,
        slug=slug,
        title=title,
        about=about,
        line=line,
        facts=facts,
        excerpt=_excerpt(body, terms),
        score=match.score,
    )


def _excerpt(body: str, terms: Terms) -> list[tuple[str, bool]]:
    """Around a phrase as it stands, or else around the words of it."""
    for words in terms.marks:
        found = excerpt(body, words, whole=terms.whole)
        if _is_marked(found):
            break
    return found


def _is_marked(parts: list[tuple[str, bool]]) -> bool:
    return any(is_match for _, is_match in parts)
