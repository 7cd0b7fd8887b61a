"""The log of a run: what happened, and notes and pictures that programs add."""

from django.http import Http404, QueryDict
from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework.parsers import MultiPartParser

from portal.core.api.files import stored
from portal.core.api.pagination import Ordering
from portal.core.api.parameters import FIELDS, PAGED, page_of
from portal.core.api.parsers import JSONParser
from portal.core.api.renderers import json_response
from portal.core.problems import Missing, Refused
from runbooks.documents.api import examples
from runbooks.runs import serializers

from .base import RunsView

ENTRY = serializers.EntrySerializer
NEWEST_FIRST = Ordering(("at",), descending=True)


class RunEntries(RunsView):
    parser_classes = (JSONParser, MultiPartParser)

    @extend_schema(
        operation_id="runs_log",
        parameters=[*FIELDS, *PAGED],
        responses=page_of(serializers.EntrySerializer),
        examples=examples.LOG_EXAMPLES,
    )
    def get(self, request, pk):
        """What happened in it, the newest first, page by page; follow `next` to the end."""
        return self.listed(ENTRY, self.run(pk).entries, NEWEST_FIRST, "log")

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
        image = stored(given["image"]) if given.get("image") else None
        try:
            entry = run.note(given["text"], by=request.user, number=given["step"], image=image)
        except Missing as error:
            raise Refused(error.detail, pointer="/step") from error
        address = reverse("api:run-entry", args=[run.pk, entry.pk])
        return self.made(ENTRY.all(run.entries.filter(pk=entry.pk))[0], address)


class RunEntry(RunsView):
    permissions = {"GET": "runbooks.view_run"}

    @extend_schema(operation_id="runs_log_entry", parameters=FIELDS, responses=ENTRY)
    def get(self, request, pk, entry):
        """One entry of the log of a run."""
        rows, names = self.run(pk).entries.filter(pk=entry), ENTRY.chosen(request.query_params)
        found = ENTRY.all(rows, names)
        if not found:
            raise Http404
        return json_response(found[0])
