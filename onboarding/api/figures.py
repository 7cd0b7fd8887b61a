"""What progress teaches, as numbers and without names."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema

from onboarding import figures
from onboarding import serializers as says
from onboarding.models import Guide, Progress
from portal.core.api.renderers import json_response

from . import documented
from .base import OnboardingView

READ = {"GET": "onboarding.view_figures"}


def counts_of(counts: figures.Counts) -> dict:
    return {
        "asked": counts.asked.people,
        "not_begun": counts.asked.waiting,
        "late": counts.asked.late,
        "started": counts.started,
        "completed": counts.completed,
        "acknowledged": counts.acknowledged,
        "completion_rate": counts.rate,
        "stuck": counts.stuck,
    }


def weeks_of(rows, at) -> list[dict]:
    return [
        {
            "until": week.last_day,
            "started": week.started,
            "completed": week.completed,
            "completion_rate": week.rate,
        }
        for week in figures.trend(rows, at=at)
    ]


def step_of(step: figures.StepFigures) -> dict:
    names = ("key", "number", "title", "reached", "done", "left", "stuck")
    return {name: getattr(step, name) for name in names} | {"median_seconds": step.seconds}


class GuidesFigures(OnboardingView):
    permissions = READ

    @extend_schema(operation_id="guides_figures_overview", responses=says.GuideOverviewSerializer)
    def get(self, request):
        """All published guides, their sum, and the completion rate week by week."""
        at = timezone.now()
        rows = figures.overview(Guide.objects.visible(request.user).published(), at=at)
        answer = {
            **counts_of(figures.total(rows)),
            "guides": [{"guide": guide.slug, **counts_of(counts)} for guide, counts in rows],
            "trend": weeks_of(Progress.objects.of_current(), at),
        }
        return json_response(answer)


class GuideFigures(OnboardingView):
    permissions = READ

    @extend_schema(
        operation_id="guides_figures",
        responses=says.GuideFiguresSerializer,
        examples=documented.FIGURES_EXAMPLE,
    )
    def get(self, request, slug):
        """One guide: the sum of its versions, each version, the completion rate by week."""
        at, guide = timezone.now(), self.guide(slug)
        versions = figures.of_versions(guide, at=at)
        answer = {
            "guide": guide.slug,
            **counts_of(figures.total(versions)),
            "versions": [{"version": v.number, **counts_of(counts)} for v, counts in versions],
            "trend": weeks_of(guide.progress.all(), at),
        }
        return json_response(answer)


class GuideVersionFigures(OnboardingView):
    permissions = READ

    @extend_schema(
        operation_id="guide_versions_figures", responses=says.GuideVersionFiguresSerializer
    )
    def get(self, request, slug, number):
        """One version step by step: reached, ticked, left before, usual time, stuck."""
        guide = self.guide(slug)
        version = self.version(guide, number)
        counts = dict(figures.of_versions(guide, at=timezone.now()))[version]
        steps = [step_of(step) for step in figures.steps_of(version)]
        return json_response({"version": number, **counts_of(counts), "steps": steps})
