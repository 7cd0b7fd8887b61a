"""The record of an incident, to save: Markdown, JSON, PDF."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from incidents.models import Incident
from portal.core.api.renderers import dumps
from portal.core.web.refusals import refusals_shown

from . import markdown, pdf
from .record import lines

may_read = permission_required("incidents.view_incident", raise_exception=True)


def as_json(incident: Incident, user) -> bytes:
    """Its facts by their name, and its timeline."""
    told = {name.lower().replace(" ", "_"): value for name, value in markdown.facts(incident)}
    texts = {name: getattr(incident, name) for name in ("title", "description", "outcome")}
    timeline = [asdict(line) for line in lines(incident, user)]
    return dumps({"number": incident.pk, **texts, **told, "timeline": timeline})


FORMATS: dict[str, tuple[str, Callable[[Incident, Any], str | bytes]]] = {
    "md": ("text/markdown; charset=utf-8", markdown.of_incident),
    "json": ("application/json", as_json),
    "pdf": ("application/pdf", pdf.printed),
}


@require_safe
@may_read
@refusals_shown
def export(request, number: int, form: str):
    """All of its record as a file."""
    rows = Incident.objects.visible(request.user).select_related(
        "owner", "merged_into", "runbook_version__runbook"
    )
    incident = get_object_or_404(rows, pk=number)
    content_type, made = FORMATS[form]
    response = HttpResponse(made(incident, request.user), content_type=content_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{incident.name}.{form}"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
