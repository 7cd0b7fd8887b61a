"""One's own progress: begin, look, tick, move over, confirm. Others' is not found."""

from django.urls import reverse
from drf_spectacular.utils import extend_schema

from onboarding.guides.api.base import OnboardingView
from onboarding.models import Progress
from onboarding.progress import serializers
from portal.core.api import pagination
from portal.core.api.filters import CHANGED_SINCE, changed_since
from portal.core.api.parameters import FIELDS, PAGED, page_of
from portal.core.api.renderers import json_response
from portal.core.api.verbs import VerbView

ROW = serializers.ProgressRowSerializer
ORDER = pagination.Ordering(("started_at",), descending=True)
READ, WRITE = "onboarding.view_guide", "onboarding.add_progress"


class ProgressView(OnboardingView):
    permissions = {"POST": WRITE}

    def mine(self, slug: str) -> Progress:
        """What this person began, also if nobody else may begin it any more."""
        rows = Progress.objects.of(self.request.user).select_related("guide__published", "version")
        return self.found(rows, guide=self.guide(slug))


class MyProgress(ProgressView):
    permissions = {"GET": READ}

    @extend_schema(
        operation_id="progress_list",
        parameters=[*FIELDS, CHANGED_SINCE, *PAGED],
        responses=page_of(ROW),
    )
    def get(self, request):
        """The guides that you began, the newest first."""
        rows = Progress.objects.of(request.user)
        rows = changed_since(rows, request.query_params, "seen_at")
        return self.listed(ROW, rows, ORDER, "progress")


def detail_of(progress: Progress) -> dict:
    found = serializers.ProgressSerializer.all(Progress.objects.filter(pk=progress.pk))[0]
    met = {str(step.key): step for step in progress.steps.all()}
    steps = [_step(step, met.get(step["key"])) for step in progress.version.steps]
    names = ("left_at", "completed_at", "acknowledged_at")
    past = [
        {"version": each.number, **{name: getattr(each, name) for name in names}}
        for each in progress.past.numbered()
    ]
    return {**found, "steps": steps, "past": past}


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
        return json_response(detail_of(self.found(rows, pk=pk)))


class ProgressOf(ProgressView):
    permissions = {"GET": READ, "POST": WRITE}

    @extend_schema(operation_id="guides_progress", responses=serializers.ProgressSerializer)
    def get(self, request, slug):
        """How far you are in a guide; 404 before you began."""
        return json_response(detail_of(self.mine(slug)))

    @extend_schema(
        operation_id="guides_start", request=None, responses={201: serializers.ProgressSerializer}
    )
    def post(self, request, slug):
        """Begin a guide, or get what you began; twice is harmless."""
        self.nothing_sent()
        progress = Progress.objects.start(self.guide(slug), by=request.user)
        return self.made(detail_of(progress), reverse("api:progress", args=[progress.pk]))


class OnProgress(VerbView, ProgressView):
    """A verb on one's own progress."""

    permissions = {"POST": WRITE}
    operation = "guides_{}"
    answers = serializers.ProgressSerializer

    def thing(self, slug):
        return self.mine(slug)

    def act(self, thing, **given):
        getattr(thing, self.verb)(**given)

    def answer(self, thing, result):
        return json_response(detail_of(thing))


class OnGuideStep(OnProgress):
    """A verb on one step of it."""

    operation = "guides_{}_step"

    def thing(self, slug, key):
        self.key = str(key)
        return self.mine(slug)

    def act(self, thing, **given):
        getattr(thing, self.verb)(self.key, **given)
