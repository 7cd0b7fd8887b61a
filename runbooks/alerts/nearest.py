"""Which runbooks come nearest to an alert that none of them answers."""

from rapidfuzz import fuzz, process

from portal.search.query import find
from portal.search.text.words import INNER
from runbooks.models import AlertName, Runbook

SHOWN = 5
COMPARED_AT_MOST = 20_000
CLOSE_ENOUGH = 60  # of 100, for a list: OrdersDatabaseDown and PaymentsDatabaseDown have 74
OF_DEGREE = frozenset({"again", "crit", "critical", "fast", "now", "soon", "warn", "warning"})


def nearest(alert: str, *, user) -> list[Runbook]:
    """At most five runbooks this person may see: by like alert names, then by the words in it.

    A document about the portal itself has to have a like name: its words say too little.
    """
    visible = Runbook.objects.visible(user).current()
    named = _by_name(alert, visible)
    keys = list(dict.fromkeys([*named, *by_words(alert, user, kind="runbook")]))
    found = visible.filter(pk__in=named) | visible.beside_portal().filter(pk__in=keys)
    rows = {runbook.pk: runbook for runbook in found}
    return [rows[key] for key in keys if key in rows][:SHOWN]


def is_same(alert: str, name: str) -> bool:
    """Whether two names say the same, but how bad it is: one word makes it another database."""
    said = _said(alert)
    return bool(said) and said == _said(name)


def _said(alert: str) -> list[str]:
    words = INNER.sub(" ", alert).lower().split()
    while words and words[-1] in OF_DEGREE:
        words.pop()
    return words


def _by_name(alert: str, visible) -> list[int]:
    """The keys of the runbooks with the likest names, each once."""
    named = AlertName.objects.filter(runbook__in=visible)
    rows = list(named.values_list("runbook_id", "name")[:COMPARED_AT_MOST])
    names = [name.lower() for _, name in rows]
    best = process.extract(
        alert.lower(), names, scorer=fuzz.ratio, limit=None, score_cutoff=CLOSE_ENOUGH
    )
    return list(dict.fromkeys(rows[at][0] for _, _, at in best))[:SHOWN]


def by_words(alert: str, user, *, kind: str) -> list[int]:
    """The keys of what has the words of its name: all of them first, then the longest ones."""
    words = [word for word in INNER.sub(" ", alert).split() if len(word) > 2]
    asked = [" ".join(words), *sorted(words, key=len, reverse=True)[:3]]
    found = [find(text, user=user, kinds=[kind]).keys[:SHOWN] for text in asked]
    return [key for keys in found for key in keys]
