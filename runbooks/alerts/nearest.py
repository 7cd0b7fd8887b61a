"""Which runbooks come nearest to an alert that none of them answers."""

from rapidfuzz import fuzz, process

from portal.search.query import find
from portal.search.text.words import INNER
from runbooks.models import AlertName, Runbook

SHOWN = 5
COMPARED_AT_MOST = 20_000
CLOSE_ENOUGH = (
    60  # of 100: DiskFillsUpFast and DiskFillsUp have 85, names with one word in common less
)


def nearest(alert: str, *, user) -> list[Runbook]:
    """At most five runbooks this person may see: by like alert names, then by the words in it.

    A document about the portal itself has to have a like name: its words say too little.
    """
    named = _by_name(alert)
    keys = list(dict.fromkeys([*named, *by_words(alert, user, kind="runbook")]))
    visible = Runbook.objects.visible(user).current()
    found = visible.filter(pk__in=named) | visible.beside_portal().filter(pk__in=keys)
    rows = {runbook.pk: runbook for runbook in found}
    return [rows[key] for key in keys if key in rows][:SHOWN]


def is_like(alert: str, name: str) -> bool:
    """Whether two names of alerts are close enough to take one for the other."""
    return fuzz.ratio(alert.lower(), name.lower()) >= CLOSE_ENOUGH


def _by_name(alert: str) -> list[int]:
    rows = list(AlertName.objects.values_list("runbook_id", "name")[:COMPARED_AT_MOST])
    names = [name.lower() for _, name in rows]
    best = process.extract(
        alert.lower(), names, scorer=fuzz.ratio, limit=SHOWN, score_cutoff=CLOSE_ENOUGH
    )
    return [rows[at][0] for _, _, at in best]


def by_words(alert: str, user, *, kind: str) -> list[int]:
    """The keys of what has the words of its name: all of them first, then the longest ones."""
    words = [word for word in INNER.sub(" ", alert).split() if len(word) > 2]
    asked = [" ".join(words), *sorted(words, key=len, reverse=True)[:3]]
    found = [find(text, user=user, kinds=[kind]).keys[:SHOWN] for text in asked]
    return [key for keys in found for key in keys]
