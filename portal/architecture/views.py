from django.contrib.auth.decorators import permission_required
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.shortcuts import get_object_or_404, render

from .models import Service

PER_PAGE = 50
READABLE = Q(runbooks__published__isnull=False, runbooks__archived_at=None)


@permission_required("architecture.view_service", raise_exception=True)
def services(request):
    """All services with their owner and how many runbooks they have."""
    rows = Service.objects.select_related("owner").annotate(
        runbook_count=Count("runbooks", filter=READABLE, distinct=True)
    )
    rows = rows.order_by("name", "pk")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "architecture/services.html", {"page": page})


@permission_required("architecture.view_service", raise_exception=True)
def service(request, slug):
    """One service: owner, tier, and the runbooks about it."""
    found = get_object_or_404(Service.objects.select_related("owner"), slug=slug)
    runbooks = found.runbooks.current().visible(request.user).order_by("title")
    return render(
        request, "architecture/service.html", {"service": found, "runbooks": runbooks[:200]}
    )
