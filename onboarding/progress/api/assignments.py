"""Who is asked to follow what, until when."""

from django.urls import reverse
from django.utils import timezone
from drf_spectacular.utils import extend_schema

from onboarding.guides import serializers
from onboarding.guides.api import examples
from onboarding.guides.api.base import OnboardingView
from onboarding.models import Assignment, Guide
from onboarding.progress.audience import Asked, by_assignment
from portal.core.api import pagination
from portal.core.api.renderers import json_response
from portal.core.problems import Refused

ORDER = pagination.Ordering(("created_at",), descending=True)
COLUMNS = {
    "id": "pk",
    "guide": "guide__slug",
    "user": "user__username",
    "team": "team__slug",
    **{
        name: name for name in ("everybody_new", "due_on", "due_days", "created_at", "withdrawn_at")
    },
}


def shown(rows: list[dict], user) -> list[dict]:
    """Rows of `values()` as this user sees them, with how far the people are."""
    standing = [Assignment(pk=row["pk"]) for row in rows if row["withdrawn_at"] is None]
    counts = by_assignment(standing, at=timezone.now())
    return [_row(row, counts.get(row["pk"], Asked()), user) for row in rows]


def _row(row: dict, asked: Asked, user) -> dict:
    found = {name: row[column] for name, column in COLUMNS.items()}
    visible = Assignment(user_id=row["user_id"]).counts_visible(user)
    far = {name: getattr(asked, name) if visible else None for name in ("begun", "done", "late")}
    return found | {"people": asked.people, **far}


class AssignmentView(OnboardingView):
    def answer(self, pk: int, *, status: int = 200, headers=None):
        rows = Assignment.objects.filter(pk=pk).values(*COLUMNS.values(), "user_id")
        return json_response(
            shown(list(rows), self.request.user)[0], status=status, headers=headers
        )


class Assignments(AssignmentView):
    permissions = {"GET": "onboarding.view_assignment", "POST": "onboarding.add_assignment"}

    @extend_schema(
        operation_id="assignments_list",
        parameters=examples.ASSIGNMENTS,
        responses=examples.page_of(serializers.AssignmentSerializer),
    )
    def get(self, request):
        """Assignments that stand, the newest first, with how far their people are."""
        params, rows = request.query_params, Assignment.objects.standing()
        if params.get("guide"):
            rows = rows.filter(guide__slug=params["guide"])
        page = pagination.paginate(
            rows.values(*COLUMNS.values(), "user_id"), ORDER, "assignments", params
        )
        return self.page(page, shown(page.rows, request.user))

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
        location = reverse("api:assignment", args=[row.pk])
        return self.answer(row.pk, status=201, headers={"Location": location})


class AssignmentDetail(AssignmentView):
    permissions = {"GET": "onboarding.view_assignment"}

    @extend_schema(operation_id="assignments_read", responses=serializers.AssignmentSerializer)
    def get(self, request, pk):
        """One assignment, also if it was withdrawn."""
        return self.answer(self.found(Assignment.objects.all(), pk=pk).pk)


class Withdraw(AssignmentView):
    permissions = {"POST": "onboarding.change_assignment"}

    @extend_schema(
        operation_id="assignments_withdraw",
        request=None,
        responses=serializers.AssignmentSerializer,
    )
    def post(self, request, pk):
        """Nobody is asked any more; what people did stays."""
        self.found(Assignment.objects.all(), pk=pk).withdraw(by=request.user)
        return self.answer(pk)
