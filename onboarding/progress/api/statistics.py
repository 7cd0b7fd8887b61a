"""What progress teaches, as numbers without names; and person by person, for those who may."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import ValidationError

from onboarding.guides.api import examples
from onboarding.guides.api.base import OnboardingView
from onboarding.models import Guide, Progress
from onboarding.progress import membership, serializers, statistics
from portal.core.api.pagination import Page, limit_of
from portal.core.api.parameters import PAGED, page_of
from portal.core.api.renderers import json_response

PEOPLE = "onboarding.view_progress"
READ = {"GET": "onboarding.view_figures"}


def counts_of(counts: statistics.Counts) -> dict:
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
        for week in statistics.trend(rows, at=at)
    ]


def step_of(step: statistics.StepFigures) -> dict:
    names = ("key", "number", "title", "reached", "done", "left", "stuck")
    return {name: getattr(step, name) for name in names} | {"median_seconds": step.seconds}


class GuidesFigures(OnboardingView):
    permissions = READ

    @extend_schema(
        operation_id="guides_figures_overview", responses=serializers.GuideOverviewSerializer
    )
    def get(self, request):
        """All published guides, their sum, and the completion rate week by week."""
        at = timezone.now()
        rows = statistics.overview(Guide.objects.visible(request.user).published(), at=at)
        answer = {
            **counts_of(statistics.total(rows)),
            "guides": [{"guide": guide.slug, **counts_of(counts)} for guide, counts in rows],
            "trend": weeks_of(Progress.objects.of_current(), at),
        }
        return json_response(answer)


class GuideFigures(OnboardingView):
    permissions = READ

    @extend_schema(
        operation_id="guides_figures",
        responses=serializers.GuideFiguresSerializer,
        examples=examples.FIGURES_EXAMPLE,
    )
    def get(self, request, slug):
        """One guide, each person once; each version of it; the completion rate by week."""
        at, guide = timezone.now(), self.guide(slug)
        versions = statistics.of_versions(guide, at=at)
        answer = {
            "guide": guide.slug,
            **counts_of(statistics.of_guide(guide, versions)),
            "versions": [{"version": v.number, **counts_of(counts)} for v, counts in versions],
            "trend": weeks_of(guide.progress.all(), at),
            "teams": _teams(guide) if request.user.has_perm(PEOPLE) else None,
        }
        return json_response(answer)


def _teams(guide: Guide) -> list[dict]:
    return [
        {
            "team": team.slug,
            "members": team.members,
            "started": team.started,
            "completed": team.completed,
            "completion_rate": team.rate,
        }
        for team in statistics.teams_in(guide)
    ]


class GuidePeople(OnboardingView):
    permissions = {"GET": PEOPLE}

    @extend_schema(
        operation_id="guides_people",
        parameters=PAGED,
        responses=page_of(serializers.GuidePersonSerializer),
        examples=examples.PEOPLE_EXAMPLE,
    )
    def get(self, request, slug):
        """How far those are who are asked to follow a guide or began it, the late ones first."""
        limit, offset = limit_of(request.query_params), _offset(request.query_params)
        found = membership.of_guide(
            self.guide(slug), at=timezone.now(), limit=limit + 1, offset=offset
        )
        after = str(offset + limit) if len(found) > limit else None
        before = str(max(offset - limit, 0)) if offset else None
        return self.page(Page([], after, before), [person_of(row) for row in found[:limit]])


def _offset(params) -> int:
    text = params.get("cursor", "")
    if text and not (text.isascii() and text.isdecimal() and len(text) < 7):
        raise ValidationError({"cursor": "This is no cursor of this list. Start again without it."})
    return int(text or 0)


def person_of(row: membership.Standing) -> dict:
    progress = row.progress
    return {
        "user": row.user.username,
        "name": row.user.display_name,
        "state": row.status.word,
        "asked": row.is_asked,
        "late": row.is_late,
        "version": progress.version.number if progress else None,
        "steps_done": row.ticked,
        "steps": row.steps,
        "seconds": row.seconds,
        "started_at": progress.started_at if progress else None,
        "seen_at": progress.seen_at if progress else None,
        "completed_at": progress.through_at if progress else None,
        "confirmed_at": row.confirmed_at,
    }


class GuideVersionFigures(OnboardingView):
    permissions = READ

    @extend_schema(
        operation_id="guide_versions_figures", responses=serializers.GuideVersionFiguresSerializer
    )
    def get(self, request, slug, number):
        """One version step by step: reached, ticked, left before, usual time, stuck."""
        guide = self.guide(slug)
        version = self.version(guide, number)
        counts = dict(statistics.of_versions(guide, at=timezone.now()))[version]
        steps = [step_of(step) for step in statistics.steps_of(version)]
        return json_response({"version": number, **counts_of(counts), "steps": steps})
