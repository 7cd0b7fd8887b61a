"""Who is asked to follow what, until when."""

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from drf_spectacular.utils import extend_schema

from onboarding.guides.api import examples
from onboarding.guides.api.base import OnboardingView
from onboarding.models import Assignment, Guide
from onboarding.progress import serializers
from onboarding.progress.audience import Asked, by_assignment
from portal.core.api import pagination
from portal.core.api.filters import among, in_state, since
from portal.core.api.parameters import page_of
from portal.core.api.renderers import json_response
from portal.core.api.verbs import VerbView
from portal.core.problems import Refused

ORDER = pagination.Ordering(("created_at",), descending=True)
ROW = serializers.AssignmentSerializer
KEYS = (*ORDER.keys, "user_id", "withdrawn_at")
STATES = {
    "current": Q(withdrawn_at=None),
    "withdrawn": Q(withdrawn_at__isnull=False),
    "all": Q(),
}


def shown(rows: list[tuple], names: tuple[str, ...], user) -> list[dict]:
    """Rows that begin with KEYS as this user sees them, with how far the people are."""
    standing = [Assignment(pk=pk) for _, pk, _, withdrawn_at in _keys(rows) if not withdrawn_at]
    counts = by_assignment(standing, at=timezone.now())
    read, far = ROW.reader(names, KEYS), set(names)
    found = []
    for row, (_, pk, user_id, _) in zip(rows, _keys(rows), strict=True):
        counted = _counted(counts.get(pk, Asked()), user_id, user)
        whole = read(row) | {name: counted[name] for name in counted if name in far}
        found.append({name: whole[name] for name in names})
    return found


def _keys(rows: list[tuple]) -> list[tuple]:
    return [row[: len(KEYS)] for row in rows]


def _counted(asked: Asked, user_id: int | None, user) -> dict:
    visible = Assignment(user_id=user_id).counts_visible(user)
    far = {name: getattr(asked, name) if visible else None for name in ("begun", "done", "late")}
    return {"people": asked.people, **far}


class AssignmentView(OnboardingView):
    def one(self, pk: int) -> dict:
        names = ROW.usual()
        rows = list(ROW.values(Assignment.objects.filter(pk=pk), names, KEYS))
        return shown(rows, names, self.request.user)[0]


class Assignments(AssignmentView):
    permissions = {"GET": "onboarding.view_assignment", "POST": "onboarding.add_assignment"}

    @extend_schema(
        operation_id="assignments_list",
        parameters=examples.ASSIGNMENTS,
        responses=page_of(serializers.AssignmentSerializer),
    )
    def get(self, request):
        """Assignments, the newest first, with how far their people are; those that stand."""
        params, names = request.query_params, ROW.chosen(request.query_params)
        rows = in_state(Assignment.objects.all(), params, STATES)
        rows = among(rows, params, guide="guide__slug")
        at = since(params)
        if at:
            rows = rows.filter(Q(created_at__gte=at) | Q(withdrawn_at__gte=at))
        page = pagination.paginate(ROW.values(rows, names, KEYS), ORDER, "assignments", params)
        return self.page(page, shown(page.rows, names, request.user))

    @extend_schema(
        operation_id="assignments_assign",
        request=serializers.AssignSerializer,
        responses={201: serializers.AssignmentSerializer},
        examples=examples.ASSIGN_EXAMPLE,
    )
    def post(self, request):
        """Ask a person, a team or everybody new; again the same changes the day."""
        given = dict(self.checked(serializers.AssignSerializer))
        guide = given.pop("guide")
        if not Guide.objects.visible(request.user).filter(pk=guide.pk).exists():
            raise Refused("There is no such guide.", pointer="/guide")
        row = Assignment.objects.assign(guide, by=request.user, **given)
        return self.made(self.one(row.pk), reverse("api:assignment", args=[row.pk]))


class AssignmentDetail(AssignmentView):
    permissions = {"GET": "onboarding.view_assignment"}

    @extend_schema(operation_id="assignments_read", responses=serializers.AssignmentSerializer)
    def get(self, request, pk):
        """One assignment, also if it was withdrawn."""
        return json_response(self.one(self.found(Assignment.objects.all(), pk=pk).pk))


class Withdraw(VerbView, AssignmentView):
    permissions = {"POST": "onboarding.change_assignment"}
    operation = "assignments_{}"
    answers = ROW

    def thing(self, pk):
        return self.found(Assignment.objects.all(), pk=pk)

    def answer(self, thing, result):
        return json_response(self.one(thing.pk))
