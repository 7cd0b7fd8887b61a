"""The list of favourites, and the star that puts something there or takes it out."""

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from portal.core.web.refusals import refusals_shown
from portal.search import registry
from portal.search.models import Favourite
from portal.search.scope import seen

from .listing import favourites


@require_http_methods(["GET", "HEAD", "POST"])
@refusals_shown
def favourite_list(request):
    """What this person keeps at hand; a POST of `kind`, `slug` and `keep` changes it."""
    if not registry.kinds_for(request.user):
        raise PermissionDenied
    if request.method == "POST":
        return _marked(request)
    return render(request, "search/favourites.html", {"favourites": favourites(request.user)})


def _marked(request):
    sent = {name: request.POST.get(name, "").replace("\x00", "") for name in ("kind", "slug")}
    if not all(sent.values()):
        raise Http404
    entry = get_object_or_404(seen(request.user), **sent)
    if request.POST.get("keep"):
        Favourite.objects.keep(request.user, entry)
    else:
        Favourite.objects.drop(request.user, entry)
    if request.POST.get("list"):
        return redirect("favourites")
    return redirect(registry.kind(entry.kind).address(entry.slug))
