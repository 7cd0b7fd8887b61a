from collections.abc import Callable, Iterator

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from portal.core.web.attention import Row
from portal.core.web.offers import offered
from portal.core.web.refusals import verb
from portal.notifications.models import Watchable


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
    return render(request, "notifications/watched.html", {"rows": list(_rows(request.user))})


def _rows(user) -> Iterator[Row]:
    for app in offered("notices"):
        if hasattr(app, "watched"):
            yield from app.watched(user)
