"""Who is mailed what the public page says: operators look somebody up, and remove them."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from incidents.models import StatusSubscription
from portal.core.web.refusals import verb

may_read = permission_required("incidents.view_statussubscription", raise_exception=True)
PER_PAGE = 100
LONGEST = 254


@require_safe
@may_read
def subscribers(request):
    """The newest first, also those who have not confirmed yet."""
    words = request.GET.get("q", "").strip()[:LONGEST]
    rows = StatusSubscription.objects.order_by("-pk")
    if words:
        rows = rows.filter(email__icontains=words)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "incidents/subscribers.html", {"page": page, "words": words})


@verb("incidents.change_audience", page=lambda pk: reverse("status:subscribers"))
def remove(request, pk: int):
    """End a subscription, as its owner could by the link of each mail."""
    found = get_object_or_404(StatusSubscription, pk=pk)
    found.delete()
    messages.success(request, f"{found} is no longer subscribed.")
    return redirect("status:subscribers")
