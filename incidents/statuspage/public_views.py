"""The page for everybody: asks for no session, sets no cookie, and stays up without the database.

They are answered by `Probes`, before sessions and people.
"""

from functools import wraps

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, InterfaceError
from django.http import Http404, HttpResponse
from django.template.loader import render_to_string
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from rest_framework.exceptions import Throttled

from incidents import notices
from incidents.models import StatusSubscription
from incidents.models.subscriptions import CONFIRM, LEAVE, key_of
from portal.core.api.ratelimit import Limiter
from portal.core.data import clock
from portal.core.problems import Unavailable

from . import public
from .forms import SubscribeForm

CACHED = "public, max-age=15"
ATOM = "application/atom+xml; charset=utf-8"
of_one = Limiter("status-subscriptions", 5)
of_all = Limiter("status-subscriptions-all", 60)


def if_public(view):
    """404 unless this portal shows its status to everybody."""

    @login_not_required
    @wraps(view)
    def guarded(request, *arguments, **named):
        if not settings.PUBLIC_STATUS:
            raise Http404
        return view(request, *arguments, **named)

    return guarded


@if_public
@require_safe
def page(request):
    """What works, and what was approved for everybody."""
    return _answered(public.PAGE, "text/html; charset=utf-8")


@if_public
@require_safe
def feed(request):
    """The same messages as an Atom feed."""
    return _answered(public.FEED, ATOM)


def _answered(name: str, content_type: str) -> HttpResponse:
    try:
        text = public.remembered(name, clock.now())
    except (DatabaseError, InterfaceError) as error:
        text = public.saved(name) or ""
        if not text:
            raise Unavailable from error
    return HttpResponse(text, content_type=content_type, headers={"Cache-Control": CACHED})


@if_public
@require_POST
def subscribe(request):
    """Mail a link to confirm; the answer is the same, whoever has subscribed already."""
    form = SubscribeForm(request.POST)
    if not form.is_valid():
        return _said("Check the address", "", 400, form=form)
    try:
        of_one.check(request.META.get("REMOTE_ADDR", ""))
        of_all.check("")
    except Throttled:
        return _said("Too many requests", "Try again in a minute.", 429)
    _ask(form.cleaned_data["email"])
    return _said(
        "Check your mail",
        "If this address is not subscribed yet, we sent it a link. Open it to confirm.",
    )


def _ask(email: str) -> None:
    at = clock.now()
    if found := StatusSubscription.objects.ask(email, at=at):
        notices.confirm_subscription(found, token=found.token(CONFIRM))


@if_public
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request, token: str):
    """The link of the mail: a button, as scanners of mail follow links."""
    found = StatusSubscription.objects.of(token, CONFIRM)
    if found is None:
        return _gone()
    if request.method != "POST":
        return _said("Confirm your subscription", found.email, button="Subscribe")
    if not found.confirm(at=clock.now()) and not found.confirmed_at:
        return _gone()
    return _said("Subscribed", f"{found.email} is mailed what this page says.")


@if_public
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request, token: str):
    """The link at the end of each mail; twice is once."""
    if key_of(token, LEAVE) is None:
        return _said("This link is not complete", "Open all of the link at the end of a mail.", 404)
    found = StatusSubscription.objects.of(token, LEAVE)
    if found and request.method != "POST":
        return _said("Unsubscribe", found.email, button="Unsubscribe")
    if found:
        found.delete()
    return _said("Unsubscribed", "This address gets no mail of the status page any more.")


def _gone() -> HttpResponse:
    detail = "It was used, or is older than two days. Subscribe again on the status page."
    return _said("This link is no longer valid", detail, 404)


def _said(
    title: str,
    detail: str,
    status: int = 200,
    *,
    button: str = "",
    form: SubscribeForm | None = None,
) -> HttpResponse:
    """`form`: what was typed to subscribe, to be corrected."""
    context = {"title": title, "detail": detail, "button": button, "form": form, "theme": ""}
    context["site_name"] = settings.SITE_NAME
    text = render_to_string("incidents/status_said.html", context)
    return HttpResponse(text, status=status, headers={"Cache-Control": "no-store"})
