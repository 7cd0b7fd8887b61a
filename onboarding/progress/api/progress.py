"""One's own progress: begin, look, tick, move over, confirm. Others' is not found."""

from django.urls import reverse
from drf_spectacular.utils import extend_schema

from onboarding.guides import serializers
from onboarding.guides.api import examples
from onboarding.guides.api.base import OnboardingView
from onboarding.models import Progress
from portal.core.api import pagination
from portal.core.api.renderers import json_response

ORDER = pagination.Ordering(("started_at",), descending=True)
READ, WRITE = "onboarding.view_guide", "onboarding.add_progress"


class ProgressView(OnboardingView):
    permissions = {"POST": WRITE}

    def mine(self, slug: str) -> Progress:
        """What this person began, also if nobody else may begin it any more."""
        rows = Progress.objects.of(self.request.user).select_related("guide__published", "version")
        return self.found(rows, guide=self.guide(slug))

    def answer(self, progress: Progress, *, status: int = 200, headers=None):
        return json_response(detail_of(progress), status=status, headers=headers)


class MyProgress(ProgressView):
    permissions = {"GET": READ}

    @extend_schema(
        operation_id="progress_list",
        parameters=examples.PAGES,
        responses=examples.page_of(serializers.ProgressRowSerializer),
    )
    def get(self, request):
        """The guides that you began, the newest first."""
        rows = Progress.objects.of(request.user).values(*COLUMNS)
        page = pagination.paginate(rows, ORDER, "progress", request.query_params)
        return self.page(page, [_row(row) for row in page.rows])


COLUMNS = (
    *("pk", "guide__slug", "guide__published_id", "version_id", "version__number"),
    *("started_at", "seen_at", "completed_at", "acknowledged_at"),
)


def _row(row: dict) -> dict:
    times = ("started_at", "seen_at", "completed_at", "acknowledged_at")
    return {
        "id": row["pk"],
        "guide": row["guide__slug"],
        "version": row["version__number"],
        "is_behind": row["version_id"] != row["guide__published_id"],
        **{name: row[name] for name in times},
    }


def detail_of(progress: Progress) -> dict:
    row = Progress.objects.filter(pk=progress.pk).values(*COLUMNS, "user__username").get()
    met = {str(step.key): step for step in progress.steps.all()}
    steps = [_step(step, met.get(step["key"])) for step in progress.version.steps]
    names = ("left_at", "completed_at", "acknowledged_at")
    past = [
        {"version": each.number, **{name: getattr(each, name) for name in names}}
        for each in progress.past.numbered()
    ]
    return {**_row(row), "user": row["user__username"], "steps": steps, "past": past}


def _step(step: dict, met) -> dict:
    return {
        "key": step["key"],
        "title": step["title"],
        "seen": met is not None,
        "done_at": met.done_at if met else None,
        "seconds": met.seconds if met else 0,
    }


class ProgressDetail(ProgressView):
    permissions = {"GET": READ}

    @extend_schema(operation_id="progress_read", responses=serializers.ProgressSerializer)
    def get(self, request, pk):
        """One progress; that of somebody else only for those who may see how far people are."""
        rows = Progress.objects.visible(request.user).select_related("guide", "version")
        return self.answer(self.found(rows, pk=pk))


class ProgressOf(ProgressView):
    permissions = {"GET": READ, "POST": WRITE}

    @extend_schema(operation_id="guides_progress", responses=serializers.ProgressSerializer)
    def get(self, request, slug):
        """How far you are in a guide; 404 before you began."""
        return self.answer(self.mine(slug))

    @extend_schema(
        operation_id="guides_start", request=None, responses={201: serializers.ProgressSerializer}
    )
    def post(self, request, slug):
        """Begin a guide, or get what you began; twice is harmless."""
        progress = Progress.objects.start(self.guide(slug), by=request.user)
        location = reverse("api:progress", args=[progress.pk])
        return self.answer(progress, status=201, headers={"Location": location})


def verb(name: str, description: str):
    """A view for a verb on the whole progress."""

    @extend_schema(
        operation_id=f"guides_{name}",
        description=description,
        request=None,
        responses=serializers.ProgressSerializer,
    )
    def post(self, request, slug):
        progress = self.mine(slug)
        getattr(progress, name)()
        return self.answer(progress)

    made = type(f"{name.title().replace('_', '')}OfGuide", (ProgressView,), {"post": post})
    return made.as_view()  # type: ignore[attr-defined]


class ViewStep(ProgressView):
    @extend_schema(
        operation_id="guides_view_step",
        request=serializers.ViewedSerializer,
        responses=serializers.ProgressSerializer,
        examples=examples.VIEW_EXAMPLE,
    )
    def post(self, request, slug, key):
        """Note that you look at a step, for so many seconds since the last time."""
        given, progress = self.checked(serializers.ViewedSerializer), self.mine(slug)
        progress.view(str(key), seconds=given["seconds"])
        return self.answer(progress)


def stepping(name: str, description: str):
    """A view for a verb on one step that takes nothing more."""

    @extend_schema(
        operation_id=f"guides_{name}_step",
        description=description,
        request=None,
        responses=serializers.ProgressSerializer,
    )
    def post(self, request, slug, key):
        progress = self.mine(slug)
        getattr(progress, name)(str(key))
        return self.answer(progress)

    made = type(f"{name.title()}StepOfGuide", (ProgressView,), {"post": post})
    return made.as_view()  # type: ignore[attr-defined]
