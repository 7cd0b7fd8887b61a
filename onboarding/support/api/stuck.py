"""“I'm stuck”: say it, read the answer; answer it, for those who keep guides."""

from django.db.models import Q
from django.urls import reverse
from drf_spectacular.utils import extend_schema

from onboarding.guides.api import examples
from onboarding.guides.api.base import OnboardingView
from onboarding.models import Progress, StuckReport, StuckState
from onboarding.support import serializers
from portal.core.api import pagination
from portal.core.api.filters import among, choices, since
from portal.core.api.parameters import page_of
from portal.core.api.renderers import json_response
from portal.core.api.verbs import VerbView
from portal.core.problems import Refused

ORDER = pagination.Ordering(("created_at",), descending=True)
ROW, ALL = serializers.StuckReportSerializer, "all"


class StuckView(OnboardingView):
    def report(self, pk: int) -> StuckReport:
        return self.found(StuckReport.objects.visible(self.request.user), pk=pk)

    def one(self, report: StuckReport) -> dict:
        return ROW.all(StuckReport.objects.filter(pk=report.pk))[0]


class StuckReports(StuckView):
    permissions = {"GET": "onboarding.view_guide", "POST": "onboarding.add_stuckreport"}

    @extend_schema(
        operation_id="stuck_reports_list",
        parameters=examples.REPORTS,
        responses=page_of(serializers.StuckReportSerializer),
    )
    def get(self, request):
        """Your own reports, those of everybody for those who keep guides; the newest first."""
        rows = _narrowed(StuckReport.objects.visible(request.user), request.query_params)
        return self.listed(ROW, rows, ORDER, "stuck")

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
            raise Refused("You did not start this guide.", pointer="/guide")
        report = StuckReport.objects.report(
            progress,
            str(given["step"]),
            by=request.user,
            text=given["text"],
            page=given["page"],
        )
        return self.made(self.one(report), reverse("api:stuck-report", args=[report.pk]))


def _narrowed(rows, params):
    states = choices(params, "state", (ALL, *StuckState.values))
    rows = rows.filter(state__in=states) if states and ALL not in states else rows
    at = since(params)
    rows = rows.filter(Q(created_at__gte=at) | Q(answered_at__gte=at)) if at else rows
    return among(rows, params, guide="guide__slug")


class StuckReportDetail(StuckView):
    permissions = {"GET": "onboarding.view_guide"}

    @extend_schema(operation_id="stuck_reports_read", responses=serializers.StuckReportSerializer)
    def get(self, request, pk):
        """One report with its answer."""
        return json_response(self.one(self.report(pk)))


class Settle(VerbView, StuckView):
    permissions = {"POST": "onboarding.change_stuckreport"}
    operation = "stuck_reports_{}"
    takes = serializers.SettleReportSerializer
    answers = ROW
    examples = examples.SETTLE_EXAMPLE

    def thing(self, pk):
        return self.report(pk)

    def answer(self, thing, result):
        return json_response(self.one(thing))
