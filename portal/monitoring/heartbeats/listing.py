"""What the list of heartbeats shows."""

from collections import Counter
from datetime import datetime
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Q

from portal.accounts.models import Team
from portal.architecture.models import Service
from portal.monitoring.models import Heartbeat, HeartbeatState

from .forms import FilterForm
from .status import STATE, state_of

PER_PAGE = 50
OFFERED = 200


def listing(user, params, *, at: datetime, number: str | None) -> dict[str, Any]:
    """The context of the page; the counts are of all that this person may see."""
    form = FilterForm(params)
    form.is_valid()  # what is not understood narrows nothing
    asked = {name: value for name, value in form.cleaned_data.items() if value}
    rows = Heartbeat.objects.visible(user).standing(at)
    counts = Counter(rows.order_by().values_list("state", flat=True))
    found = narrowed(rows, asked).select_related("service", "owner").worst_first()
    page = Paginator(found, PER_PAGE).get_page(number)
    return {
        "page": page,
        "lines": [(row, state_of(row.state)) for row in page],
        "tally": [(STATE[state], counts[state], state) for state in STATE if counts[state]],
        "total": sum(counts.values()),
        "asked": asked,
        "states": HeartbeatState.choices,
        "services": _named(Service),
        "owners": _named(Team),
        "now": at,
    }


def narrowed(rows, asked: dict[str, str]):
    if state := asked.get("state"):
        rows = rows.filter(state=state)
    if service := asked.get("service"):
        rows = rows.filter(service__slug=service)
    if owner := asked.get("owner"):
        rows = rows.filter(Q(owner__slug=owner) | Q(owner=None, service__owner__slug=owner))
    if words := asked.get("q", "").strip():
        rows = rows.filter(Q(name__icontains=words) | Q(slug__icontains=words))
    return rows


def _named(model) -> list[tuple[str, str]]:
    """Those that have a heartbeat."""
    having = model.objects.filter(heartbeats__isnull=False).distinct()
    return list(having.order_by("name").values_list("slug", "name")[:OFFERED])
