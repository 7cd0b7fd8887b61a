from functools import wraps

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from portal.core.data import clock
from portal.core.problems import DomainError
from portal.core.web.refusals import refusals_shown
from portal.notifications.deliveries.forms import PreferencesForm
from portal.notifications.deliveries.status import status_of as status_of_delivery
from portal.notifications.models import ContactMethod, Delivery
from portal.notifications.problems import TooManyCodes

from . import verbs
from .forms import CodeForm, MethodForm, NewMethodForm, QuietHoursForm
from .page import reached
from .status import status_of

NEWEST = 5
ON_ITS_WAY = "A code is on its way. Type it here as soon as it arrives."
A_MOMENT_AGO = "One was queued a moment ago. Try again in a minute."


def posted(view):
    """For POST; whoever opens its address is led to the page of the method."""

    @require_http_methods(["GET", "HEAD", "POST"])
    @refusals_shown
    @wraps(view)
    def answered(request, pk):
        found = _found(request, pk)
        return view(request, found) if request.method == "POST" else redirect(found)

    return answered


def _found(request, pk: int) -> ContactMethod:
    rows = ContactMethod.objects.of(request.user).select_related("person")
    return get_object_or_404(rows, pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
@reauthentication_required
@refusals_shown
def new_method(request):
    """Add one, and send it its code."""
    form = NewMethodForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = verbs.add(request.user, at=clock.now(), **form.cleaned_data)
        except (ValidationError, TooManyCodes) as error:
            form.refuse(error)
        else:
            messages.success(request, ON_ITS_WAY)
            return redirect(made)
    status = 400 if request.method == "POST" else 200
    return render(request, "notifications/method_new.html", {"form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@refusals_shown
def method(request, pk):
    """One method: its code while it is not verified, what it gets, and what was sent to it."""
    found = _found(request, pk)
    about = {"label": found.label, "least_urgency": found.least_urgency}
    form = MethodForm(request.POST or None, initial=about)
    if request.method == "POST" and form.is_valid():
        verbs.change(found, at=clock.now(), **form.cleaned_data)
        messages.success(request, f"“{found}” saved.")
        return redirect("notifications:settings")
    return _shown(request, found, form=form, status=400 if request.method == "POST" else 200)


@posted
def verify(request, found):
    form = CodeForm(request.POST)
    if not form.is_valid():
        return _shown(request, found, code=form, status=400)
    try:
        verbs.verify(found, form.cleaned_data["code"], at=clock.now())
    except DomainError as refusal:
        form.add_error("code", refusal.detail)
        return _shown(request, found, code=form, status=refusal.status)
    messages.success(request, f"“{found}” is verified: messages reach you there from now on.")
    return redirect("notifications:settings")


@posted
def send_code(request, found):
    return _code_sent(request, found)


def _code_sent(request, method: ContactMethod):
    try:
        is_new = Delivery.objects.post_code(method, at=clock.now())
    except DomainError as refusal:
        messages.warning(request, refusal.detail)
    else:
        messages.success(request, ON_ITS_WAY) if is_new else messages.info(request, A_MOMENT_AGO)
    return redirect(method)


@posted
def test_method(request, found):
    """A message that goes the way of all others."""
    if not found.is_verified:
        messages.warning(request, "Type its code first: until then it gets nothing else.")
    elif Delivery.objects.post_test(found, at=clock.now()):
        messages.success(request, "A test message is queued. What becomes of it stands here.")
    else:
        messages.info(request, A_MOMENT_AGO)
    return redirect(found)


@posted
def move(request, found):
    """Earlier in the order, or later with `to=later`."""
    verbs.move(found, 1 if request.POST.get("to") == "later" else -1, at=clock.now())
    return redirect("notifications:settings")


@reauthentication_required(enabled=lambda request: request.method == "POST")
@posted
def remove(request, found):
    verbs.remove(found, at=clock.now())
    messages.success(request, f"“{found}” removed: nothing is sent there any more.")
    return redirect("notifications:settings")


@require_http_methods(["GET", "HEAD", "POST"])
def quiet_hours(request):
    if request.method != "POST":
        return redirect("notifications:settings")
    form = QuietHoursForm(request.POST, user=request.user)
    if form.is_valid() and form.save():
        messages.success(request, "Your quiet hours are saved.")
        return redirect("notifications:settings")
    context = {"form": PreferencesForm(user=request.user), **reached(request.user, form)}
    return render(request, "notifications/settings.html", context, status=400)


def _shown(request, method: ContactMethod, *, form=None, code=None, status=200):
    now = clock.now()
    about = {"label": method.label, "least_urgency": method.least_urgency}
    order = list(ContactMethod.objects.of(request.user).values_list("pk", flat=True))
    newest = method.deliveries.order_by("-pk")[:NEWEST]
    context = {
        "method": method,
        "status": status_of(method),
        "code": code or CodeForm(),
        "has_code": method.has_code(now),
        "form": form or MethodForm(initial=about),
        "number": order.index(method.pk) + 1,
        "others": len(order) - 1,
        "lines": [(delivery, status_of_delivery(delivery)) for delivery in newest],
        "now": now,
    }
    return render(request, "notifications/method.html", context, status=status)
