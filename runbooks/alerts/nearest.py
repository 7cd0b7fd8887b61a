"""Which runbooks come nearest to an alert that none of them answers."""

from rapidfuzz import fuzz, process

from runbooks.models import AlertName, Runbook
from runbooks.search import INNER, search

SHOWN = 5
COMPARED_AT_MOST = 20_000
CLOSE_ENOUGH = 55


def nearest(alert: str, *, user) -> list[Runbook]:
    """At most five runbooks this person may see: by like alert names, then by the words in it."""
    visible = Runbook.objects.visible(user).current()
    keys = list(dict.fromkeys([*_by_name(alert), *_by_words(alert, user)]))
    found = visible.in_bulk(keys)
    return [found[key] for key in keys if key in found][:SHOWN]


def _by_name(alert: str) -> list[int]:
    rows = AlertName.objects.values_list("runbook_id", "name")[:COMPARED_AT_MOST]
    names = dict(rows)
    best = process.extract(alert, names, scorer=fuzz.WRatio, limit=SHOWN, score_cutoff=CLOSE_ENOUGH)
    return [key for _, _, key in best]


def _by_words(alert: str, user) -> list[int]:
    words = [word for word in INNER.sub(" ", alert).split() if len(word) > 2]
    hits = search(" ".join(words), user=user, limit=SHOWN).hits
    for word in sorted(words, key=len, reverse=True)[:3]:
        hits += search(word, user=user, limit=SHOWN).hits
    return [hit.runbook_id for hit in hits]
