"""What is known of a runbook besides its text."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.db import transaction
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from portal.core.web.refusals import refusals_shown
from runbooks.documents.forms import DescribeForm
from runbooks.models import Runbook
from runbooks.problems import ApprovalMissing, NameTaken

from .access import runbook_of


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("runbooks.change_runbook", raise_exception=True)
@refusals_shown
def describe(request, slug):
    runbook = runbook_of(request, slug)
    form = DescribeForm(request.POST or None, instance=runbook)
    if request.method != "POST":
        return _page(request, slug, form)
    if not form.is_valid():
        return _page(request, slug, form, status=400)
    try:
        if not _described(runbook.pk, form):
            return _page(request, slug, _again(request, runbook.pk), status=409)
    except (ApprovalMissing, NameTaken) as refusal:
        form.add_error("alerts" if isinstance(refusal, NameTaken) else "kind", refusal.detail)
        return _page(request, slug, form, status=409)
    except ValidationError as refusal:
        form.add_error(None, refusal.messages)
        return _page(request, slug, form, status=400)
    messages.success(request, "Saved.")
    return redirect("runbooks:detail", form.cleaned_data["slug"])


@transaction.atomic
def _described(pk: int, form) -> bool:
    """Whether it was changed: not if somebody else changed it since the form was opened."""
    runbook = Runbook.objects.select_for_update().get(pk=pk)
    if runbook.revision != form.cleaned_data["revision"]:
        return False
    runbook.describe(**form.known())
    return True


def _again(request, pk: int):
    """The form with what was typed, on top of the state as it is now."""
    now = Runbook.objects.get(pk=pk)
    data = request.POST.copy()
    data["revision"] = now.revision
    form = DescribeForm(data, instance=now)
    form.add_error(None, "It changed meanwhile. What you typed is still here: check it and save.")
    return form


def _page(request, slug: str, form, *, status: int = 200):
    context = {"form": form, "slug": slug, "title": form.initial.get("title", "")}
    return render(request, "runbooks/describe.html", context, status=status)
