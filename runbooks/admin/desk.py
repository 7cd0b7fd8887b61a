"""The lines of runbooks on the index of the administration."""

from django.utils.timezone import localdate

from portal.core.web.desk import Line, Part, Wait
from runbooks.models import Gap, Runbook, State


def in_review():
    return Runbook.objects.filter(versions__state=State.IN_REVIEW)


def stale():
    return Runbook.objects.stale(on=localdate())


DESK = (
    Line(
        Part.WRITE,
        10,
        "Runbooks",
        "Procedures that are followed step by step",
        "book",
        "runbooks.runbook",
        "New runbook",
        waits=(
            Wait(in_review, "in review", "standing=in_review", "review"),
            Wait(stale, "past their review date", "attention=stale"),
            Wait(Runbook.objects.unowned, "without an owner", "attention=unowned"),
        ),
        rail=("Write runbooks", "pencil"),
        below=(
            *("runbooks.version", "runbooks.feedback", "runbooks.image", "runbooks.link"),
            *("runbooks.template", "runbooks.gap"),
        ),
    ),
    Line(
        Part.WRITE,
        40,
        "Templates",
        "What a new runbook of each kind starts from",
        "file",
        "runbooks.template",
    ),
    Line(
        Part.WRITE,
        50,
        "Alerts without a runbook",
        "Alerts that somebody looked up and that no runbook answers",
        "none",
        "runbooks.gap",
        waits=(Wait(Gap.objects.open, "to write", ""),),
    ),
)
