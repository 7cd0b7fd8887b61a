"""What runbooks offer to the one search."""

from django.db.models import QuerySet
from django.urls import reverse

from portal.architecture.search import SERVICE
from portal.search.registry import OWNER, Filter, Kind, Text, register

from .models import Kind as RunbookKind
from .models import Runbook, Section

SECTION = Filter(
    "section",
    "Section",
    lambda: Section.choices,
    about="Section of a runbook",
    values=tuple(Section.values),
)
UNREAD = ("text", "html", "toc", "steps", "parameters", "problems")
KIND = Filter(
    "kind",
    "Kind",
    lambda: RunbookKind.choices,
    about="Kind of a runbook",
    values=tuple(RunbookKind.values),
)


def text_of(runbook: Runbook) -> Text:
    version = runbook.published if runbook.published_id else runbook.newest
    return Text(
        title=runbook.title,
        names=[alert.name for alert in runbook.alerts.all()],
        body=version.plain if version else "",
        line=runbook.summary,
        about=RunbookKind(runbook.kind).label,
        facts={"section": runbook.section, "kind": runbook.kind},
        is_published=bool(runbook.published_id),
        is_current=runbook.archived_at is None,
    )


def rows() -> QuerySet:
    """Runbooks with what is read of them, and no more of a version than its words."""
    found = Runbook.objects.select_related("published").prefetch_related("alerts")
    return found.defer(*(f"published__{name}" for name in UNREAD))


register(
    Kind(
        name="runbook",
        label="Runbook",
        plural="Runbooks",
        icon="book",
        rows=rows,
        text=text_of,
        address=lambda slug: reverse("runbooks:detail", args=[slug]),
        permission="runbooks.view_runbook",
        unpublished="runbooks.view_version",
        filters={
            KIND: "kind",
            SECTION: "section",
            SERVICE: "services__slug",
            OWNER: "owner__slug",
        },
    )
)
