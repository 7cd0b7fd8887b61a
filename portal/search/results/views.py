"""The search page."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portal.search import registry

from .page import Asked, SearchPage


@require_safe
def search(request):
    """What has all words, of whatever kind, the best first, with the places marked."""
    if not registry.kinds_for(request.user):
        raise PermissionDenied
    page = SearchPage(Asked.of(request.GET), user=request.user)
    context = {"page": page, "asked": page.asked, "search_text": page.asked.query}
    return render(request, "search/page.html", context)
