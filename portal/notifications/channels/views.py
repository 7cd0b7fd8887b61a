from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from portal.core.data import clock
from portal.core.web.refusals import refusals_shown, verb
from portal.notifications.deliveries.status import status_of as status_of_delivery
from portal.notifications.models import Channel, Delivery

from .forms import ChangeForm, ChannelForm, RotationForm
from .kinds import labels_of
from .status import status_of

ADD, CHANGE, DELETE = (f"notifications.{verb}_channel" for verb in ("add", "change", "delete"))
PER_PAGE, NEWEST = 50, 10
may_add = permission_required(ADD, raise_exception=True)
may_change = permission_required(CHANGE, raise_exception=True)


def _found(request, slug: str) -> Channel:
    rows = Channel.objects.visible(request.user).select_related("team", "created_by")
    return get_object_or_404(rows, slug=slug)


def _page(slug: str) -> str:
    return reverse("notifications:channel", args=[slug])


@require_safe
def channels(request):
    """Those of one's teams and of everybody; all of them for operators."""
    rows = Channel.objects.visible(request.user).select_related("team")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    lines = [(channel, status_of(channel)) for channel in page]
    return render(request, "notifications/channels.html", {"page": page, "lines": lines})


@require_safe
def channel(request, slug):
    """One of them: what it gets, what was sent to it, and what it would get."""
    found, now = _found(request, slug), clock.now()
    newest = found.deliveries.visible(request.user)[:NEWEST]
    context = {
        "channel": found,
        "status": status_of(found),
        "kinds": labels_of(found.kinds),
        "lines": [(delivery, status_of_delivery(delivery)) for delivery in newest],
        "preview": found.preview(now) if not found.without_transport else "",
        "rotation": RotationForm(),
        "now": now,
    }
    return render(request, "notifications/channel.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@may_add
def new_channel(request):
    """Make one; the secret of a webhook is on this one page and nowhere else."""
    form = ChannelForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made, secret = Channel.objects.add(by=request.user, **form.cleaned_data)
        except ValidationError as error:
            form.refuse(error)
        else:
            messages.success(request, f"“{made}” created. Send a test message to see it work.")
            return _secret_shown(request, made, secret) if secret else redirect(made)
    status = 400 if request.method == "POST" else 200
    return render(request, "notifications/channel_new.html", {"form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@may_change
@refusals_shown
def edit_channel(request, slug):
    found = _found(request, slug)
    form = ChangeForm(request.POST or None, channel=found)
    if request.method == "POST" and form.is_valid():
        try:
            based_on = form.cleaned_data["revision"]
            found.change(by=request.user, based_on=based_on, **form.changes())
        except ValidationError as error:
            form.refuse(error)
        else:
            messages.success(request, f"“{found}” saved.")
            return redirect(found)
    status = 400 if request.method == "POST" else 200
    context = {"form": form, "slug": slug, "name": str(form.initial["name"])}
    return render(request, "notifications/channel_edit.html", context, status=status)


@verb(CHANGE, page=_page)
def test_channel(request, slug):
    """A message that goes the way of all others; its page shows what became of it."""
    found = _found(request, slug)
    delivery = Delivery.objects.post_channel_test(found, at=clock.now())
    messages.success(request, "A test message is queued. Its result stands here.")
    return redirect(delivery)


@verb(CHANGE, page=_page)
def rotate_secret(request, slug):
    """Replace the secret; the new one is on this one page and nowhere else."""
    found, form = _found(request, slug), RotationForm(request.POST)
    if not form.is_valid():
        raise ValidationError(form.errors["hours"])
    return _secret_shown(request, found, found.rotate(by=request.user, overlap=form.overlap))


@verb(DELETE, page=_page)
def delete_channel(request, slug):
    found = _found(request, slug)
    found.remove(by=request.user)
    messages.success(request, f"“{found}” deleted.")
    return redirect("notifications:channels")


def _secret_shown(request, channel: Channel, secret: str):
    context = {"channel": channel, "secret": secret}
    return render(request, "notifications/channel_secret.html", context)
