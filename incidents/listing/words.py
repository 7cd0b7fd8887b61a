"""Which incidents have the words that somebody types above a list."""

from typing import Any

from django.db.models import Q

from incidents.models import Incident
from portal.search import query
from portal.search.registry import kind_of_model

MOST = query.RANKED_AT_MOST
FEW = 10  # words that are compared


def with_words(rows: Any, words: str, *, user) -> Any:
    """Those with all of the words in their texts, or with this number: “INC-142” or “142”.

    Of more than the search gives the texts are compared, and then the newest are found soon. What
    is restricted is not in its index.
    """
    kind = kind_of_model(Incident).name
    found = query.find(words, user=user, kinds=[kind], archived=True, forgiving=False)
    said = _said(words)
    if len(found.matches) >= MOST:
        return rows.filter(said)
    keys = set() if found.corrected else set(found.keys)
    keys |= {*rows.filter(said, is_restricted=True).values_list("pk", flat=True)[:MOST]}
    return rows.filter(Q(pk__in=keys) | _numbered(words))


def _said(words: str) -> Q:
    found = Q()
    for word in words.split()[:FEW]:
        found &= Q(title__icontains=word) | Q(description__icontains=word)
    return found | _numbered(words)


def _numbered(words: str) -> Q:
    number = words.strip().lower().removeprefix("inc-")
    is_one = number.isascii() and number.isdecimal() and len(number) < 10
    return Q(pk=int(number)) if is_one else Q(pk__in=())
