"""The verbs of a runbook: archive, confirm, judge."""

from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.formats import date_format

from portal.core.problems import Refused
from portal.core.web.refusals import verb
from portal.notifications.watches.views import verbs
from runbooks.documents.forms import FeedbackForm

from .access import runbook_of


def at_runbook(slug) -> str:
    return reverse("runbooks:detail", args=[slug])


@verb("runbooks.archive_runbook", page=at_runbook)
def archive(request, slug):
    runbook = runbook_of(request, slug)
    runbook.archive(by=request.user)
    messages.success(request, "It is archived: no longer in lists and search, still readable here.")
    return redirect(runbook)


@verb("runbooks.archive_runbook", page=at_runbook)
def unarchive(request, slug):
    runbook = runbook_of(request, slug)
    runbook.unarchive(by=request.user)
    messages.success(request, "It is back in lists and search.")
    return redirect(runbook)


@verb("runbooks.change_runbook", page=at_runbook)
def confirm_review(request, slug):
    runbook = runbook_of(request, slug)
    runbook.confirm_review(by=request.user)
    due = date_format(runbook.review_due)
    messages.success(request, f"Marked as reviewed. The next review is due on {due}.")
    return redirect(runbook)


@verb("runbooks.add_feedback", page=at_runbook)
def feedback(request, slug):
    runbook = runbook_of(request, slug)
    given = _valid(FeedbackForm(request.POST))
    runbook.judge(by=request.user, helpful=given["helpful"], reason=given["reason"])
    asked = "" if given["helpful"] else " Its owner is asked to review it."
    messages.success(request, f"Thank you.{asked}")
    return redirect(runbook)


watch, unwatch = verbs("runbooks.view_runbook", thing=runbook_of, page=at_runbook)


def _valid(form) -> dict:
    """What was typed, checked. Raises Refused with the first thing that is wrong."""
    if not form.is_valid():
        raise Refused(next(iter(form.errors.values()))[0])
    return form.cleaned_data
