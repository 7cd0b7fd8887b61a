"""The search page."""

from django.contrib.auth.decorators import permission_required
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portal.accounts.models import Team
from portal.architecture.models import Service
from runbooks import search as index
from runbooks.models import Kind, Section

HITS_SHOWN = 20
BESIDE_SHOWN = 6
PAGES_AT_MOST = 100
CHOICES = {"section": set(Section.values), "kind": set(Kind.values)}
FILTERS = ("section", "kind", "service", "owner")


@require_safe
@permission_required("runbooks.view_runbook", raise_exception=True)
def search(request, beside=None):
    """What matches all words, the best first, with the places marked.

    `beside(query, user)` says what upper apps found: headings with (address, title, line) below.
    """
    query = request.GET.get("q", "").replace("\x00", "").strip()[:200]
    filters = {name: _chosen(request, name) for name in FILTERS}
    page = _page(request)
    results = index.search(
        query, user=request.user, filters=filters, limit=HITS_SHOWN, offset=(page - 1) * HITS_SHOWN
    )
    context = {
        "query": query,
        "filters": filters,
        "results": results,
        "beside": _beside(results.corrected or query, request.user, beside) if page == 1 else [],
        "first": (page - 1) * HITS_SHOWN + 1,
        "previous": page - 1,
        "next": page + 1 if page * HITS_SHOWN < results.total else None,
        "kinds": Kind.choices,
        "sections": Section.choices,
        "services": Service.objects.values_list("slug", "name"),
        "teams": Team.objects.values_list("slug", "name"),
    }
    return render(request, "runbooks/search.html", context)


def _beside(words: str, user, beside) -> list:
    """What services and upper apps have of the words, with those in which an error was mended."""
    if not words:
        return []
    rows = Service.objects.visible(user).matching(words)[:BESIDE_SHOWN]
    services = [(row.get_absolute_url(), row.name, row.description) for row in rows]
    found = beside(words, user) if beside else []
    return [("Services", services), *found] if services else found


def _chosen(request, name: str) -> list[str]:
    values = [value[:60].replace("\x00", "") for value in request.GET.getlist(name)[:20]]
    allowed = CHOICES.get(name)
    return [value for value in values if value and (allowed is None or value in allowed)]


def _page(request) -> int:
    text = request.GET.get("page", "")
    return (
        min(int(text), PAGES_AT_MOST) if text.isdecimal() and 0 < len(text) < 5 and int(text) else 1
    )
