"""Runs through the API: a build opens one, ticks its steps and closes it."""

from django.db import transaction
from django.db.models import F
from django.http import Http404, QueryDict
from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework.parsers import MultiPartParser

from portal.accounts.models import User
from portal.core.api import pagination
from portal.core.api.fields import chosen
from portal.core.api.parsers import JSONParser
from portal.core.api.renderers import CSVRenderer, JSONRenderer, json_response
from portal.core.data.queries import joined
from portal.core.media.uploads import UploadRefused, store_image
from portal.core.problems import Refused
from runbooks.documents.api import examples
from runbooks.documents.api.base import RunbooksView
from runbooks.models import Image, Run
from runbooks.runs import export, serializers
from runbooks.runs.page import filled_steps
from runbooks.runs.statistics import figures_of, seconds

NEWEST_ENTRY_FIRST = pagination.Ordering(("at",), descending=True)
OF_ONE = {  # members that lists do not have
    "taken_back_by": lambda run: list(run.rollbacks.recent().values_list("pk", flat=True)),
    "steps": filled_steps,
}
DETAIL = (*export.MEMBERS, *OF_ONE)
RUN_PAGE = examples.page_of(serializers.RunRowSerializer)
PERMISSIONS = {"GET": "runbooks.view_run", "POST": "runbooks.change_run"}


class RunsView(RunbooksView):
    """A view about one run."""

    permissions = PERMISSIONS

    def run(self, pk: int) -> Run:
        rows = Run.objects.visible(self.request.user).select_related("runbook", "version")
        found = rows.filter(pk=pk).first()
        if found is None:
            raise Http404
        return found

    def answer(self, run: Run, *, status: int = 200, headers=None, **more):
        found = detail_of(run)
        return json_response(
            {**found, **more}, status=status, headers={"ETag": found["etag"], **(headers or {})}
        )


def detail_of(run: Run, names=DETAIL) -> dict:
    """The run with its steps, their texts and commands with the values in place."""
    row = export.values(Run.objects.filter(pk=run.pk)).get()
    found = export.shown(row, [name for name in names if name not in OF_ONE])
    return found | {name: OF_ONE[name](run) for name in names if name in OF_ONE}


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
        return self.listed(Run.objects.visible(request.user))

    def listed(self, rows):
        params = self.request.query_params
        names = chosen(params, export.MEMBERS)
        found = export.values(export.narrowed(rows, params), names)
        page = pagination.paginate(found, export.NEWEST_FIRST, "runs", params)
        return self.page(page, [export.shown(row, names) for row in page.rows])


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
            return self.listed(rows)
        return export.as_csv(export.narrowed(rows, request.query_params))


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
        return self.answer(run, status=201, headers={"Location": reverse("api:run", args=[run.pk])})

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
        parameters=examples.FIELDS,
        responses=serializers.RunSerializer,
        examples=examples.RUN_EXAMPLES,
    )
    def get(self, request, pk):
        """One run with its steps and their commands, values filled in, secrets as variables."""
        run = self.run(pk)
        names = chosen(request.query_params, DETAIL)
        return json_response(detail_of(run, names), headers={"ETag": run.etag})


class RollbacksOf(RunsView):
    permissions = {"GET": "runbooks.view_run"}

    @extend_schema(
        operation_id="runs_rollbacks",
        responses=serializers.RollbackSerializer(many=True),
        examples=examples.ROLLBACK_EXAMPLES,
    )
    def get(self, request, pk):
        """What to follow to take it back, with the values to carry over; nothing once it was."""
        run = self.run(pk)
        offered = [] if run.is_taken_back() else run.rollback_runbooks(request.user)
        return json_response([_offer(run, each) for each in offered])


def _offer(run: Run, runbook) -> dict:
    before = run.release_before()
    return {
        "runbook": runbook.slug,
        "title": runbook.title,
        "url": runbook.get_absolute_url(),
        "start": reverse("api:start-run", args=[runbook.slug]),
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


class RunEntries(RunsView):
    parser_classes = (JSONParser, MultiPartParser)

    @extend_schema(
        operation_id="runs_log",
        parameters=examples.PAGED,
        responses=examples.page_of(serializers.EntrySerializer),
        examples=examples.LOG_EXAMPLES,
    )
    def get(self, request, pk):
        """What happened in it, the newest first, page by page; follow `next` to the end."""
        rows = _entries(self.run(pk).entries)
        page = pagination.paginate(rows, NEWEST_ENTRY_FIRST, "log", request.query_params)
        return self.page(page, [_entry(row) for row in page.rows])

    @extend_schema(
        operation_id="runs_note",
        request={
            "application/json": serializers.NoteSerializer,
            "multipart/form-data": serializers.EvidenceSerializer,
        },
        responses={201: serializers.EntrySerializer},
        examples=examples.NOTE_EXAMPLES,
    )
    def post(self, request, pk):
        """Add a note or pasted output to the run or to a step, also after its end.

        As `multipart/form-data` with a picture: `-F image=@shot.png -F step=3 -F text=…`.
        """
        is_form = isinstance(request.data, QueryDict)
        given = self.checked(
            serializers.EvidenceSerializer if is_form else serializers.NoteSerializer
        )
        run = self.run(pk)
        entry = run.note(
            given["text"],
            by=request.user,
            number=given["step"],
            image=_stored(given.get("image")),
        )
        return json_response(_entry(_entries(run.entries).get(pk=entry.pk)), status=201)


def _stored(upload):
    try:
        return store_image(upload, name=upload.name) if upload else None
    except UploadRefused as refusal:
        raise Refused(refusal.detail, pointer="/image") from refusal


def _entries(rows):
    pictures = joined(Image.objects.all(), F("name"), owner="entry")
    columns = ("pk", "kind", "step__number", "by_name", "at", "text", "pictures")
    return rows.annotate(pictures=pictures).values(*columns)


def _entry(row: dict) -> dict:
    return {
        "kind": row["kind"],
        "step": row["step__number"],
        "by": row["by_name"],
        "at": row["at"],
        "text": row["text"],
        "images": [reverse("image", args=[name]) for name in row["pictures"].split()],
    }


class OnStep(RunsView):
    """One verb on one step; the verb and what it takes come from the route."""

    permissions = {"POST": "runbooks.change_run"}
    verb = ""

    def act(self, request, pk, number, **details):
        run = self.run(pk)
        with transaction.atomic():
            ticked = getattr(run, self.verb)(number, by=request.user, **details)
        return self.answer(run, ticked=ticked)


def stepping(verb: str, takes, description: str):
    """A view for a step verb of Run."""

    @extend_schema(
        operation_id=f"runs_{verb}",
        description=description,
        request=takes,
        responses=serializers.TickedSerializer,
        examples=examples.STEP_EXAMPLES[verb],
    )
    def post(self, request, pk, number):
        return self.act(request, pk, number, **self.checked(takes))

    name = f"{verb.title().replace('_', '')}OfRun"
    return type(name, (OnStep,), {"post": post, "verb": verb}).as_view()  # type: ignore[attr-defined]


class HandOver(RunsView):
    permissions = {"POST": "runbooks.change_run"}

    @extend_schema(
        operation_id="runs_hand_over",
        request=serializers.HandOverSerializer,
        responses=serializers.RunSerializer,
        examples=examples.HAND_OVER_EXAMPLES,
    )
    def post(self, request, pk):
        """Give the lead to somebody else who may follow runbooks."""
        given, run = self.checked(serializers.HandOverSerializer), self.run(pk)
        to = User.objects.filter(username=given["to"], is_active=True).first()
        if to is None:
            raise Refused(f"Nobody has the user name “{given['to']}”.", pointer="/to")
        run.hand_over(to, by=request.user, note=given["note"])
        return self.answer(run)


class End(RunsView):
    permissions = {"POST": "runbooks.change_run"}

    @extend_schema(
        operation_id="runs_finish",
        request=serializers.EndSerializer,
        responses=serializers.RunSerializer,
        examples=examples.END_EXAMPLES,
    )
    def post(self, request, pk):
        """End it: succeeded (every step done or skipped), failed, rolled_back or aborted."""
        given, run = self.checked(serializers.EndSerializer), self.run(pk)
        run.end(given["outcome"], by=request.user, note=given["note"])
        return self.answer(run)


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
