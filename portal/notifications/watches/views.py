from collections.abc import Callable

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from portal.core.web.attention import Act, Row
from portal.core.web.refusals import verb
from portal.notifications.models import Watchable

from . import listing


def verbs(permission: str, *, thing: Callable[..., Watchable], page: Callable[..., str]) -> tuple:
    """The views `watch` and `unwatch` of things that `thing(request, slug)` finds."""

    @verb(permission, page=page)
    def watch(request, slug):
        found = thing(request, slug)
        found.watch(by=request.user)
        messages.success(request, f"You watch “{found}”: you get a message when it changes.")
        return redirect(found)

    @verb(permission, page=page)
    def unwatch(request, slug):
        found = thing(request, slug)
        found.unwatch(by=request.user)
        messages.success(request, f"You no longer watch “{found}”.")
        return redirect("notifications:watched" if "listed" in request.POST else found)

    return watch, unwatch


@require_safe
def watched(request):
    """Everything that this person watches, app by app."""
    rows = [_row(each) for each in listing.watched(request.user)]
    return render(request, "notifications/watched.html", {"rows": rows})


def _row(each: listing.Watched) -> Row:
    unwatch, about = f"{each.address}unwatch/", f" {each.title}"
    act = Act("Stop watching", unwatch, about, is_post=True, fields=(("listed", "1"),))
    return Row(each.address, each.title, each.type.title(), act)
