"""Runs through the API: a build opens one, ticks its steps and closes it."""

from django.http import Http404
from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import ValidationError

from portal.core.api.parameters import FIELDS, PAGED, page_of
from portal.core.api.renderers import CSVRenderer, JSONRenderer, json_response
from portal.core.problems import Refused
from portal.core.web.address import absolute
from runbooks.documents.api import examples
from runbooks.models import Run
from runbooks.runs import export, filters, serializers
from runbooks.runs.statistics import figures_of, seconds

from .base import RunsView, detail_of

DETAIL = serializers.RunSerializer
RUN_PAGE = page_of(serializers.RunRowSerializer)


class RunList(RunsView):
    permissions = {"GET": "runbooks.view_run"}

    @extend_schema(
        operation_id="runs_list",
        parameters=examples.RUNS,
        responses=RUN_PAGE,
        examples=examples.RUNS_EXAMPLES,
    )
    def get(self, request):
        """All runs, the newest first, page by page; follow `next` to the end."""
        return self.runs(Run.objects.visible(request.user))

    def runs(self, rows):
        found = filters.narrowed(rows, self.request.query_params)
        return self.listed(export.ROW, found, filters.NEWEST_FIRST, "runs")


class Deployments(RunList):
    renderer_classes = (JSONRenderer, CSVRenderer)

    @extend_schema(
        operation_id="deployments_list",
        parameters=examples.RUNS,
        responses={
            (200, "application/json"): RUN_PAGE,
            (200, "text/csv"): str,
        },
        examples=examples.RUNS_EXAMPLES,
    )
    def get(self, request):
        """The deployment log; `Accept: text/csv` gives all of it as a table, without an ETag."""
        rows = Run.objects.visible(request.user).deployments()
        if request.accepted_media_type != CSVRenderer.media_type:
            return self.runs(rows)
        _refuse_choice(request.query_params)
        return export.as_csv(filters.narrowed(rows, request.query_params))


def _refuse_choice(params) -> None:
    wrong = [each.name for each in (*FIELDS, *PAGED) if each.name in params]
    if wrong:
        said = "The table always has all rows and columns: leave it out, or ask for JSON."
        raise ValidationError(dict.fromkeys(wrong, said))


class RunsOf(RunsView):
    permissions = {"POST": "runbooks.add_run"}

    @extend_schema(
        operation_id="runs_start",
        request=serializers.StartSerializer,
        responses={201: serializers.RunSerializer},
        examples=examples.START_EXAMPLES,
    )
    def post(self, request, slug):
        """Begin to follow the published version. An Idempotency-Key makes a retry harmless."""
        given = dict(self.checked(serializers.StartSerializer))
        other = given.pop("rollback_of", None)
        if other is not None:
            given["rollback_of"] = self.taken_back(other)
        run = Run.objects.start(self.runbook(slug), by=request.user, **given)
        return self.made(detail_of(run), reverse("api:run", args=[run.pk]))

    def taken_back(self, pk: int) -> Run:
        try:
            return self.run(pk)
        except Http404 as error:
            raise Refused(f"There is no run {pk}.", pointer="/rollback_of") from error


class RunDetail(RunsView):
    permissions = {"GET": "runbooks.view_run"}

    def current_etag(self) -> str:
        rows = Run.objects.visible(self.request.user).filter(pk=self.kwargs["pk"])
        run = rows.select_related("runbook").only("revision", "runbook__revision").first()
        return run.etag if run else ""

    @extend_schema(
        operation_id="runs_read",
        parameters=FIELDS,
        responses=serializers.RunSerializer,
        examples=examples.RUN_EXAMPLES,
    )
    def get(self, request, pk):
        """One run with its steps and their commands, values filled in, secrets as variables."""
        run = self.run(pk)
        found = detail_of(run, DETAIL.chosen(request.query_params))
        return json_response(found, headers={"ETag": run.etag})


class RollbacksOf(RunsView):
    permissions = {"GET": "runbooks.view_run"}

    @extend_schema(
        operation_id="runs_rollbacks",
        parameters=PAGED,
        responses=page_of(serializers.RollbackSerializer),
        examples=examples.ROLLBACK_EXAMPLES,
    )
    def get(self, request, pk):
        """What to follow to roll it back, with the values to carry over.

        Nothing before a step failed or the deployment ended, and nothing once it was rolled back.
        """
        run = self.run(pk)
        offered = run.rollback_runbooks(request.user) if run.may_be_taken_back() else []
        return self.computed([_offer(run, each) for each in offered], "rollbacks")


def _offer(run: Run, runbook) -> dict:
    before = run.release_before()
    return {
        "runbook": runbook.slug,
        "title": runbook.title,
        "url": absolute(runbook.get_absolute_url()),
        "start": absolute(reverse("api:start-run", args=[runbook.slug])),
        "release_before": before,
        "body": {
            "rollback_of": run.pk,
            "version": runbook.published.number,
            "environment": run.environment,
            "release": before,
            "service": run.service.slug if run.service else None,
            "parameters": run.carried_to(runbook),
        },
    }


class FiguresOf(RunsView):
    permissions = {"GET": "runbooks.view_run"}

    @extend_schema(
        operation_id="runbooks_figures",
        responses=serializers.FiguresSerializer,
        examples=examples.FIGURES_EXAMPLES,
    )
    def get(self, request, slug):
        """What its runs teach: success rate, usual durations in seconds, where people fail."""
        found = figures_of(self.runbook(slug))
        answer = {
            "runs": found.runs,
            "by_state": found.by_state,
            "success_rate": found.success_rate,
            "last_at": found.last_at,
            "last_state": found.last_state or None,
            "median": seconds(found.median),
            "worst_step": found.worst.number if found.worst else None,
            "steps": [_step(step) for step in found.steps],
        }
        return json_response(answer)


def _step(step) -> dict:
    names = ("number", "title", "done", "failed", "skipped")
    spans = ("median", "low", "high")
    return {name: getattr(step, name) for name in names} | {
        name: seconds(getattr(step, name)) for name in spans
    }
