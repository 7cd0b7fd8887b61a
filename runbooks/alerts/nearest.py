"""Which runbooks come nearest to an alert that none of them answers."""

from rapidfuzz import fuzz, process

from portal.search.query import find
from portal.search.text.words import INNER
from runbooks.models import AlertName, Runbook

SHOWN = 5
COMPARED_AT_MOST = 20_000
CLOSE_ENOUGH = 55


def nearest(alert: str, *, user) -> list[Runbook]:
    """At most five runbooks this person may see: by like alert names, then by the words in it."""
    visible = Runbook.objects.visible(user).current()
    keys = list(dict.fromkeys([*_by_name(alert), *by_words(alert, user, kind="runbook")]))
    found = visible.in_bulk(keys)
    return [found[key] for key in keys if key in found][:SHOWN]


def _by_name(alert: str) -> list[int]:
    rows = AlertName.objects.values_list("runbook_id", "name")[:COMPARED_AT_MOST]
    names = dict(rows)
    best = process.extract(alert, names, scorer=fuzz.WRatio, limit=SHOWN, score_cutoff=CLOSE_ENOUGH)
    return [key for _, _, key in best]


def by_words(alert: str, user, *, kind: str) -> list[int]:
    """The keys of what has the words of its name: all of them first, then the longest ones."""
    words = [word for word in INNER.sub(" ", alert).split() if len(word) > 2]
    asked = [" ".join(words), *sorted(words, key=len, reverse=True)[:3]]
    found = [find(text, user=user, kinds=[kind]).keys[:SHOWN] for text in asked]
    return [key for keys in found for key in keys]
