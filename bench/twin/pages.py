"""Generic views behind LoginRequiredMixin, each with a template, over stored HTML."""

import json

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.contrib.auth.mixins import LoginRequiredMixin
from django.db import transaction
from django.db.models import Count, OuterRef, Q, Subquery
from django.http import FileResponse, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.views.decorators.csrf import csrf_exempt
from django.views.generic import DetailView, ListView, TemplateView

from bench.twin.api import TEXTS
from bench.twin.rows import ReceivedAlert
from portal.accounts.models import Team
from portal.architecture.models import Dependency, Service
from portal.monitoring.models import Instance
from runbooks.models import Kind, Link, Run, Runbook, Section, Version

FOUND = 20
SHOWN = 6
PICTURE = settings.MEDIA_ROOT / "network.svg"
readable = Runbook.objects.filter(published__isnull=False, archived_at=None)


def with_last_run(rows):
    runs = Run.objects.filter(runbook=OuterRef("pk")).order_by("-started_at", "-pk")
    return rows.annotate(
        last_run_at=Subquery(runs.values("started_at")[:1]),
        last_run_state=Subquery(runs.values("state")[:1]),
    )


class Choices:
    """What the forms above the lists offer."""

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            kinds=Kind.choices,
            sections=Section.choices,
            teams=Team.objects.all(),
            services=Service.objects.all(),
            **kwargs,
        )


class RunbookPage(LoginRequiredMixin, DetailView):
    queryset = (
        Runbook.objects.filter(published__isnull=False)
        .select_related("owner", "published__reviewer")
        .prefetch_related("alerts", "services")
    )
    template_name = "twin/runbook.html"

    def get_context_data(self, **kwargs):
        runbook = self.object
        links = Link.objects.filter(target=runbook, source__archived_at=None)
        return super().get_context_data(
            links=links.select_related("source")[:FOUND],
            feedback=runbook.feedback.aggregate(
                yes=Count("pk", filter=Q(helpful=True)), no=Count("pk", filter=Q(helpful=False))
            ),
            mine=runbook.feedback.filter(user=self.request.user).first(),
            last_run=runbook.runs.order_by("-started_at").first(),
            today=timezone.localdate(),
            **kwargs,
        )


class RunbookList(LoginRequiredMixin, Choices, ListView):
    paginate_by = 50
    template_name = "twin/runbooks.html"

    def get_queryset(self):
        rows = readable.select_related("owner", "published").prefetch_related("alerts")
        rows = with_last_run(rows).defer(*(f"published__{name}" for name in TEXTS))
        for name in ("kind", "section"):
            if self.request.GET.get(name):
                rows = rows.filter(**{name: self.request.GET[name]})
        return rows.order_by("review_due", "pk")

    def get_context_data(self, **kwargs):
        return super().get_context_data(today=timezone.localdate(), **kwargs)


class Search(LoginRequiredMixin, Choices, ListView):
    template_name = "twin/search.html"

    def get_queryset(self):
        words = self.request.GET.get("q", "")
        found = Q(title__icontains=words) | Q(published__text__icontains=words)
        return readable.filter(found).order_by("title")[:FOUND]


class Home(LoginRequiredMixin, TemplateView):
    template_name = "twin/home.html"

    def get_context_data(self, **kwargs):
        user, today = self.request.user, timezone.localdate()
        versions = Version.objects.select_related("runbook").defer(*TEXTS)
        stale = readable.filter(owner__members=user, review_due__lt=today)
        return super().get_context_data(
            runs=user.runs_held.filter(state="running").select_related("runbook")[:SHOWN],
            reviews=versions.filter(state="in_review").exclude(author=user)[:SHOWN],
            drafts=versions.filter(author=user, state="draft")[:SHOWN],
            stale=stale.order_by("review_due")[:SHOWN],
            today=today,
            **kwargs,
        )


class RunPage(LoginRequiredMixin, DetailView):
    queryset = Run.objects.select_related(
        "runbook", "version", "service", "holder", "rollback_of"
    ).prefetch_related("steps__confirmed_by", "entries__step", "entries__images")
    template_name = "twin/run.html"

    def get_context_data(self, **kwargs):
        steps = list(self.object.steps.all())
        texts = {text["number"]: text for text in self.object.version.steps}
        left = (step for step in steps if step.state not in ("done", "skipped"))
        shown = next(left, steps[-1])
        return super().get_context_data(
            steps=steps, shown=shown, text=texts[shown.number], now=timezone.now(), **kwargs
        )


class ServicePage(LoginRequiredMixin, DetailView):
    queryset = Service.objects.select_related("owner", "zone", "part_of")
    template_name = "twin/service.html"

    def get_context_data(self, **kwargs):
        service = self.object
        rows = with_last_run(readable.filter(services=service)).order_by("title")
        return super().get_context_data(
            components=service.components.all(),
            needs=service.dependencies.select_related("target__owner", "integration"),
            needed_by=service.dependents.select_related("source__owner"),
            configuration=service.configuration.all(),
            runbooks=rows.select_related("owner")[:200],
            runs=service.runs.select_related("runbook").order_by("-started_at")[:10],
            today=timezone.localdate(),
            **kwargs,
        )


class Diagram(LoginRequiredMixin, TemplateView):
    template_name = "twin/diagram.html"

    def get_context_data(self, **kwargs):
        zone = self.request.GET["only"]
        arrows = Dependency.objects.filter(source__zone__slug=zone)
        return super().get_context_data(
            things=Service.objects.filter(zone__slug=zone),
            arrows=arrows.select_related("source", "target"),
            services=Service.objects.all(),
            **kwargs,
        )


@login_required
def picture(request):
    """The picture that was drawn once and stored."""
    return FileResponse(PICTURE.open("rb"), content_type="image/svg+xml")


def ping(request, code):
    """One UPDATE, and nothing that tells afterwards what came."""
    Instance.objects.filter(pk=code.int).update(last_ping_at=timezone.now())
    return HttpResponse("OK", content_type="text/plain")


@csrf_exempt
@transaction.atomic
def webhook(request, key):
    """An upsert of what fires: no key is looked up, and nothing tells afterwards what came."""
    now, alerts = timezone.now(), json.loads(request.body)["alerts"]
    ReceivedAlert.objects.bulk_create(
        [_received(alert, now) for alert in alerts],
        update_conflicts=True,
        unique_fields=["fingerprint"],
        update_fields=["state", "labels", "annotations", "starts_at", "received_at"],
    )
    return JsonResponse({"status": "ok"})


def _received(alert, now) -> ReceivedAlert:
    return ReceivedAlert(
        fingerprint=alert["fingerprint"],
        name=alert["labels"]["alertname"],
        state=alert["status"],
        severity=alert["labels"].get("severity", ""),
        labels=alert["labels"],
        annotations=alert["annotations"],
        starts_at=parse_datetime(alert["startsAt"]),
        received_at=now,
    )
