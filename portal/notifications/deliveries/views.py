from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.core.data import clock
from portal.core.web.refusals import refusals_shown
from portal.notifications.contacts.page import reached
from portal.notifications.models import Beat, Delivery
from portal.notifications.transports import mail

from .forms import PreferencesForm, StateForm
from .status import status_of

PER_PAGE = 50


@require_safe
def deliveries(request):
    """What was written to this person, and what became of it."""
    now = clock.now()
    form = StateForm(request.GET)
    rows = form.chosen(Delivery.objects.of(request.user))
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "lines": [(delivery, status_of(delivery)) for delivery in page],
        "can_send": mail.is_configured(),
        "silence": Beat.objects.silence(now),
        "now": now,
    }
    return render(request, "notifications/deliveries.html", context)


@require_safe
def delivery(request, pk):
    """One message with its attempts: to oneself or to one's team's channel; all for operators."""
    found = _found(request, pk)
    context = {
        "delivery": found,
        "status": status_of(found),
        "attempts": found.attempt_set.all(),
        "may_send_again": found.may_send_again(request.user),
        "now": clock.now(),
    }
    return render(request, "notifications/delivery.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@refusals_shown
def send_again(request, pk):
    """Queue it once more: operators what has ended, people what did not reach them."""
    if request.method != "POST":
        return redirect(reverse("notifications:delivery", args=[pk]))
    found = _found(request, pk)
    if not found.may_send_again(request.user):
        raise PermissionDenied
    found.send_again(by=request.user)
    messages.success(request, "Queued again. Its result stands here.")
    return redirect(found)


def _found(request, pk: int) -> Delivery:
    rows = Delivery.objects.visible(request.user).select_related(
        "recipient", "channel", "contact_method"
    )
    return get_object_or_404(rows, pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request):
    """How this person is reached, and which kinds of messages are mailed to them."""
    form = PreferencesForm(request.POST if request.method == "POST" else None, user=request.user)
    if form.is_valid():
        form.save()
        messages.success(request, "Saved. What is not mailed still appears under Notifications.")
        return redirect("notifications:settings")
    context = {"form": form, **reached(request.user)}
    return render(request, "notifications/settings.html", context)


@require_POST
def send_test(request):
    """A message to whoever asks, which goes the way of all others."""
    if Delivery.objects.post_test(request.user, at=clock.now()):
        messages.success(request, "A test message is queued. What becomes of it stands here.")
    else:
        messages.info(request, "A test message was queued a moment ago. Try again in a minute.")
    return redirect("notifications:deliveries")
