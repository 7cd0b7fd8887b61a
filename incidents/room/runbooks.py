"""Which runbooks may help where an incident was opened without one."""

from collections.abc import Sequence
from hashlib import sha256

from django.core.cache import caches

from runbooks.alerts.nearest import nearest
from runbooks.models import Runbook

SHOWN = 4
KEPT = 60  # seconds: the page is drawn anew whenever somebody does something


def suggestions(about: str, services: Sequence[int], user) -> list[Runbook]:
    """Those of its services, then those that come nearest to what it is about."""
    if not user.has_perm("runbooks.view_runbook"):
        return []
    said = repr((about, [*services], user.pk))
    key = f"incident-runbooks-{sha256(said.encode()).hexdigest()}"
    found = caches["process"].get_or_set(key, lambda: _found(about, services, user), KEPT)
    return found or []


def _found(about: str, services: Sequence[int], user) -> list[Runbook]:
    rows = Runbook.objects.visible(user).current().filter(published__isnull=False)
    own = rows.filter(services__in=services).distinct().order_by("title")[:SHOWN]
    near = [each for each in nearest(about, user=user) if each.published_id]
    return list(dict.fromkeys([*own, *near]))[:SHOWN]
