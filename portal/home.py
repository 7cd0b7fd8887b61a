"""The first page: what needs this person now. Apps say it; none of them is named here."""

from collections.abc import Iterator

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from portal import setup
from portal.accounts.signin.adapters import FIRST_SIGN_IN
from portal.core.web.attention import Card, Priority
from portal.core.web.navigation import Group, rail
from portal.core.web.offers import offered


def home(request):
    """The cards of all apps, the most urgent first. The very first time: where one begins."""
    if request.session.pop(FIRST_SIGN_IN, False) and (address := _welcome(request.user)):
        return redirect(address)
    now = timezone.now()
    cards = sorted(_cards(request.user, now), key=lambda card: card.priority)
    context = {
        "cards": [card for card in cards if card.priority < Priority.LOOK],
        "looks": [card for card in cards if card.priority == Priority.LOOK],
        "styles": dict.fromkeys(name for card in cards for name in card.styles),
        "today": timezone.localdate(now),
    }
    if not any(card.is_task for card in cards):
        context["nothing"] = [app.EMPTY for app in offered("attention") if hasattr(app, "EMPTY")]
        known = (entry for entry in rail(request.user) if entry.group == Group.KNOW)
        context["start"] = next(known, None)
    return render(request, "home.html", context)


@permission_required(setup.PERMISSION, raise_exception=True)
@require_POST
def hide_setup(request):
    """Take the checklist of a new portal off the first page of this operator, or put it there."""
    hidden = request.POST.get("hide") == "1"
    request.user.hide_setup(hidden)
    said = "is hidden. Your profile shows it again." if hidden else "is on the first page again."
    messages.success(request, f"The set-up checklist {said}")
    return redirect("home")


def _cards(user, now) -> Iterator[Card]:
    if card := setup.card(user, now):
        yield card
    for app in offered("attention"):
        yield from app.cards(user, now)


def _welcome(user) -> str:
    """Where somebody starts who signed in for the first time, if any app wants them."""
    wishes = (app.welcome(user) for app in offered("attention") if hasattr(app, "welcome"))
    return next(filter(None, wishes), "")
