"""The palette as parts of a page: all of it, or its list for the words typed."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from .listing import groups


@require_safe
def palette(request):
    """Fetched when somebody opens it, so that no page carries it; with `q` the list alone."""
    query = request.GET.get("q")
    if query is None:
        return render(request, "search/palette.html")
    return render(request, "search/_palette_list.html", {"groups": groups(request, query)})
