"""Ping keys: with one a host calls every heartbeat by its slug."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from portal.core.web.address import absolute
from portal.core.web.refusals import verb
from portal.monitoring.heartbeats.forms import PingKeyForm
from portal.monitoring.models import PingKey

SHOWN = 200


@require_http_methods(["GET", "HEAD"])
@permission_required("monitoring.view_pingkey", raise_exception=True)
def keys(request):
    return shown(request, PingKeyForm())


def shown(request, form: PingKeyForm, *, status: int = 200):
    rows = PingKey.objects.visible(request.user).select_related("owner")[:SHOWN]
    read = set(PingKey.objects.shown_to(request.user).values_list("pk", flat=True))
    lines = [(row, _address(row) if row.pk in read else "") for row in rows]
    context = {"lines": lines, "form": form}
    return render(request, "monitoring/ping_keys.html", context, status=status)


def _address(key: PingKey) -> str:
    return absolute(reverse("ping-slug", args=[key.key, "slug"]))


def at_keys(pk=None) -> str:
    return reverse("monitoring:ping-keys")


@verb("monitoring.add_pingkey", page=at_keys)
def issue(request):
    form = PingKeyForm(request.POST)
    if not form.is_valid():
        return shown(request, form, status=400)
    PingKey.objects.issue(by=request.user, **form.cleaned_data)
    messages.success(request, "Created. Its address stands below.")
    return redirect("monitoring:ping-keys")


@verb("monitoring.delete_pingkey", page=at_keys)
def revoke(request, pk):
    key = get_object_or_404(PingKey.objects.visible(request.user), pk=pk)
    key.revoke(by=request.user)
    messages.success(request, f"“{key}” opens nothing any more.")
    return redirect("monitoring:ping-keys")
