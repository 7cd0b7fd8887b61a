from django.core.paginator import Paginator
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portal.core.data import clock
from portal.notifications.models import Beat, Delivery, DeliveryState
from portal.notifications.transports import mail

from .forms import StateForm
from .status import DELIVERY

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
        "lines": [(delivery, DELIVERY[DeliveryState(delivery.state)]) for delivery in page],
        "can_send": mail.is_configured(),
        "silence": Beat.objects.silence(now),
        "now": now,
    }
    return render(request, "notifications/deliveries.html", context)
