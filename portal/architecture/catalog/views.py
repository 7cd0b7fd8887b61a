"""The catalog: services, zones, integrations, configuration, and its problems."""

from itertools import groupby

from django.contrib.auth.decorators import permission_required
from django.core.paginator import Paginator
from django.db.models import Count, F, OuterRef, Q, Subquery
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from portal.accounts.models import Team
from portal.architecture.catalog.findings import findings
from portal.architecture.catalog.graph import Graph
from portal.architecture.models import ConfigurationItem, Integration, Service, ServiceKind, Zone
from portal.notifications.watches.views import verbs

PER_PAGE = 50
SHOWN = 200
READABLE = Q(runbooks__published__isnull=False, runbooks__archived_at=None)
LISTED = ("slug", "title", "kind", "summary", "published_id", "run_state", "run_at")
CHOICES = {"owner": "owner__slug", "zone": "zone__slug", "kind": "kind", "tier": "tier"}
TIERS = ("1", "2", "3", "4")
reading = permission_required("architecture.view_service", raise_exception=True)


@require_safe
@reading
def services(request):
    """All services with their owner, how many runbooks they have, and when the last run was.

    Components come last, by what they are part of.
    """
    asked = {name: request.GET[name] for name in (*CHOICES, "q") if request.GET.get(name)}
    rows = _narrowed(Service.objects.select_related("owner", "zone", "part_of"), asked)
    again = Service.objects.filter(pk=OuterRef("pk")).order_by("-runs__started_at")
    last = again.values("runs__started_at")[:1]
    rows = rows.annotate(
        runbook_count=Count("runbooks", filter=READABLE, distinct=True), last_run=Subquery(last)
    )
    rows = rows.order_by(F("part_of__name").asc(nulls_first=True), "name", "pk")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "asked": asked,
        "owners": Team.objects.order_by("name").values_list("slug", "name")[:SHOWN],
        "zones": Zone.objects.order_by("name").values_list("slug", "name")[:SHOWN],
        "kinds": ServiceKind.choices,
        "tiers": [(tier, tier) for tier in TIERS],
    }
    return render(request, "architecture/services.html", context)


def _narrowed(rows, asked: dict[str, str]):
    for name, column in CHOICES.items():
        value = asked.get(name, "").replace("\x00", "")
        if name == "tier":
            value = value if value in TIERS else ""
        if value:
            rows = rows.filter(**{column: value})
    text = asked.get("q", "").replace("\x00", "").strip()
    if text:
        rows = rows.filter(
            Q(name__icontains=text) | Q(slug__icontains=text) | Q(description__icontains=text)
        )
    return rows


@require_safe
@reading
def service(request, slug):
    """One service: what it is, needs and is needed by, its runbooks and runs."""
    rows = Service.objects.select_related("owner", "zone", "part_of")
    found = get_object_or_404(rows, slug=slug)
    ends = ("target__owner", "integration")
    context = {
        "service": found,
        "components": found.components.order_by("name")[:SHOWN],
        "needs": found.dependencies.select_related(*ends).order_by("-hard", "pk")[:SHOWN],
        "needed_by": found.dependents.select_related("source__owner").order_by(
            "-hard", "source__name"
        )[:SHOWN],
        "configuration": found.configuration.order_by("name")[:SHOWN],
        "runbooks": _runbooks(found, request.user),
        "runs": found.runs.visible(request.user).recent().select_related("runbook")[:10],
        "incidents": found.incidents.visible(request.user).order_by("-declared_at", "-pk")[:10],
        "today": timezone.localdate(),
        "is_watched": found.is_watched_by(request.user),
    }
    return render(request, "architecture/service.html", context)


def service_of(request, slug: str) -> Service:
    return get_object_or_404(Service.objects.visible(request.user), slug=slug)


def at_service(slug: str) -> str:
    return reverse("architecture:service", args=[slug])


watch, unwatch = verbs("architecture.view_service", thing=service_of, page=at_service)


def _runbooks(service, user):
    rows = service.runbooks.model.objects.current().visible(user).first_of(service, SHOWN)
    return list(rows.with_last_run().values_list(*LISTED))


@require_safe
@reading
def zones(request):
    rows = Zone.objects.annotate(service_count=Count("services")).order_by("name", "pk")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "architecture/zones.html", {"page": page})


@require_safe
@reading
def integrations(request):
    users = Count("dependents__source", distinct=True)
    rows = Integration.objects.select_related("owner").annotate(used_by=users)
    asked = request.GET.get("only", "").replace("\x00", "")
    if asked:
        rows = rows.filter(slug=asked)
    page = Paginator(rows.order_by("name", "pk"), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "architecture/integrations.html", {"page": page, "asked": asked})


@require_safe
@reading
def configuration(request):
    """What services are told from outside; first what has to be rotated first."""
    rows = ConfigurationItem.objects.select_related("service")
    asked = request.GET.get("service", "").replace("\x00", "")
    if asked:
        rows = rows.filter(service__slug=asked)
    page = Paginator(rows.by_due(), PER_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "asked": asked, "today": timezone.localdate()}
    return render(request, "architecture/configuration.html", context)


@require_safe
@reading
def what_does_not_add_up(request):
    found = findings(Graph.load(), on=timezone.localdate(), user=request.user)
    kinds = [(kind, list(rows)) for kind, rows in groupby(found, key=lambda each: each.code)]
    return render(request, "architecture/findings.html", {"kinds": kinds, "count": len(found)})
