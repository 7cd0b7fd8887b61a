"""“I'm stuck”: say it, read the answer; answer it, for those who keep guides."""

from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import ValidationError

from onboarding.guides import serializers
from onboarding.guides.api import examples
from onboarding.guides.api.base import OnboardingView
from onboarding.models import Progress, StuckReport, StuckState
from portal.core.api import pagination
from portal.core.api.renderers import json_response
from portal.core.problems import Refused

ORDER = pagination.Ordering(("created_at",), descending=True)
COLUMNS = {
    "id": "pk",
    "guide": "guide__slug",
    "version": "version__number",
    "step": "key",
    "by": "user__username",
    "answered_by": "answered_by__username",
    **{
        name: name
        for name in ("step_title", "state", "text", "page", "created_at", "answer", "answered_at")
    },
}


def rows_of(reports):
    return reports.values(*COLUMNS.values())


def row_of(row: dict) -> dict:
    found = {name: row[column] for name, column in COLUMNS.items()}
    return {**found, "url": reverse("onboarding:stuck-report", args=[row["pk"]])}


class StuckView(OnboardingView):
    def report(self, pk: int) -> StuckReport:
        return self.found(StuckReport.objects.visible(self.request.user), pk=pk)

    def answer(self, report: StuckReport, *, status: int = 200, headers=None):
        row = rows_of(StuckReport.objects.filter(pk=report.pk)).get()
        return json_response(row_of(row), status=status, headers=headers)


class StuckReports(StuckView):
    permissions = {"GET": "onboarding.view_guide", "POST": "onboarding.add_stuckreport"}

    @extend_schema(
        operation_id="stuck_reports_list",
        parameters=examples.REPORTS,
        responses=examples.page_of(serializers.StuckReportSerializer),
    )
    def get(self, request):
        """Your own reports, those of everybody for those who keep guides; the newest first."""
        params = request.query_params
        rows = _narrowed(StuckReport.objects.visible(request.user), params)
        page = pagination.paginate(rows_of(rows), ORDER, "stuck", params)
        return self.page(page, [row_of(row) for row in page.rows])

    @extend_schema(
        operation_id="stuck_reports_report",
        request=serializers.ReportSerializer,
        responses={201: serializers.StuckReportSerializer},
    )
    def post(self, request):
        """Say what happened at a step of a guide that you began; its owner is told."""
        given = self.checked(serializers.ReportSerializer)
        rows = Progress.objects.of(request.user).select_related("version", "guide__owner")
        progress = rows.filter(guide=given["guide"]).first()
        if progress is None:
            raise Refused("You did not begin this guide.", pointer="/guide")
        report = StuckReport.objects.report(
            progress,
            str(given["step"]),
            by=request.user,
            text=given["text"],
            page=given["page"],
        )
        location = reverse("api:stuck-report", args=[report.pk])
        return self.answer(report, status=201, headers={"Location": location})


def _narrowed(rows, params):
    state = params.get("state")
    if state and state not in StuckState.values:
        raise ValidationError({"state": f"Use one of {', '.join(StuckState.values)}."})
    rows = rows.filter(state=state) if state else rows
    return rows.filter(guide__slug=params["guide"]) if params.get("guide") else rows


class StuckReportDetail(StuckView):
    permissions = {"GET": "onboarding.view_guide"}

    @extend_schema(operation_id="stuck_reports_read", responses=serializers.StuckReportSerializer)
    def get(self, request, pk):
        """One report with its answer."""
        return self.answer(self.report(pk))


class Settle(StuckView):
    permissions = {"POST": "onboarding.change_stuckreport"}

    @extend_schema(
        operation_id="stuck_reports_settle",
        request=serializers.SettleReportSerializer,
        responses=serializers.StuckReportSerializer,
        examples=examples.SETTLE_EXAMPLE,
    )
    def post(self, request, pk):
        """Answer it, or close it; 409 if somebody did so before."""
        given, report = self.checked(serializers.SettleReportSerializer), self.report(pk)
        report.settle(by=request.user, **given)
        return self.answer(report)
