"""The communication desk of an incident, and each message that was written there."""

import re
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from incidents.models import Communication, CommunicationState, Incident
from portal.core.data import clock
from portal.core.problems import DomainError, Refused
from portal.core.web.refusals import refusals_shown, verb

from .arrival import arrivals, failed
from .desk import Desk
from .forms import MessageForm, ReasonForm
from .status import status_of

WORK = "incidents.change_incident"
may_read = permission_required("incidents.view_incident", raise_exception=True)
may_work = permission_required(WORK, raise_exception=True)
LOADED = ("author", "approver", "template", "incident")


@require_http_methods(["GET", "HEAD", "POST"])
@may_work
@refusals_shown
def desk(request, number: int):
    """Write a message; “Preview” shows how it looks, and changes nothing."""
    incident = get_object_or_404(Incident.objects.visible(request.user), pk=number)
    at = clock.now()
    found = Desk(incident, request.user, at, asked=request.GET, draft=_draft(request, incident))
    if request.method != "POST":
        return render(request, "incidents/communicate.html", found.context(found.form()))
    form = found.form(request.POST.copy())
    is_preview = request.POST.get("do", "preview") == "preview"
    if not is_preview and form.is_valid() and (made := _made(request, found, form)):
        return redirect(made)
    status = 400 if form.errors and not is_preview else 200
    return render(request, "incidents/communicate.html", found.context(form), status=status)


def _draft(request, incident: Incident) -> Communication | None:
    key = request.GET.get("draft", "")
    if not key.isdecimal() or len(key) > 9:
        return None
    return get_object_or_404(incident.communications.unsent(), pk=key)


def _made(request, found: Desk, form: MessageForm) -> Communication | None:
    """The message, saved and sent as asked; what is refused stands at the form."""
    if _is_outdated(found, form):
        return None
    try:
        with transaction.atomic():
            row = _saved(request, found, form)
            _done(request, row, request.POST["do"], found.at)
    except (DomainError, ValidationError) as error:
        form.refuse(error)
        return None
    return row


def _is_outdated(found: Desk, form: MessageForm) -> bool:
    """Say once that the template is another one by now."""
    template, seen = found.template, form.cleaned_data["template_revision"]
    if template is None or found.draft or seen in (None, template.revision):
        return False
    form.add_error(
        None,
        f"The template “{template}” was changed meanwhile. Your text is as you typed it: compare "
        "it with the template, then send it again.",
    )
    data: Any = form.data
    data["template_revision"] = template.revision
    return True


def _saved(request, found: Desk, form: MessageForm) -> Communication:
    if found.draft:
        based_on = form.cleaned_data["revision"]
        found.draft.revise(form.texts, form.values, by=request.user, based_on=based_on)
        return found.draft
    return Communication.objects.draft(
        found.incident,
        audience=found.audience,
        moment=found.moment,
        by=request.user,
        at=found.at,
        template=found.template,
        values=form.values,
        request_key=form.cleaned_data["request_key"],
        **form.texts,
    )


def _done(request, row: Communication, asked: str, at) -> None:
    if asked == "send":
        is_new = row.send(by=request.user, at=at)
        said = f"{row} sent." if is_new else f"{row} was sent already."
    elif asked == "submit":
        row.submit(by=request.user, at=at)
        said = "Approval requested. It is sent as soon as it is approved."
    elif asked == "save":
        said = "Draft saved. Nobody was told."
    else:
        raise Refused("Choose what to do with it.")
    messages.success(request, said)


@require_safe
@may_read
def communication(request, number: int, pk: int):
    """One message: the texts, who approved it, to whom it went, and what arrived."""
    row, at = _row(request, number, pk), clock.now()
    is_sent = row.state == CommunicationState.SENT
    context = {
        "row": row,
        "incident": row.incident,
        "status": status_of(row),
        "texts": row.final(at),
        "missing": [] if is_sent else row.missing(at),
        "arrival": arrivals([row])[row.pk],
        "failed": failed(row) if is_sent else [],
        "works": request.user.has_perm(WORK),
        "may_send": row.may_send(request.user),
        "may_approve": row.may_approve(request.user),
        "form": ReasonForm(),
    }
    return render(request, "incidents/communication.html", context)


def _row(request, number: int, pk: int) -> Communication:
    incidents = Incident.objects.visible(request.user)
    rows = Communication.objects.filter(incident__in=incidents).select_related(*LOADED)
    return get_object_or_404(rows, pk=pk, incident=number)


def at_row(number: int, pk: int) -> str:
    return reverse("incidents:communication", args=[number, pk])


@verb(WORK, page=at_row)
def submit(request, number: int, pk: int):
    row = _row(request, number, pk)
    row.submit(by=request.user)
    messages.success(request, "Approval requested. It is sent as soon as it is approved.")
    return redirect(row)


@verb(WORK, page=at_row)
def send(request, number: int, pk: int):
    row = _row(request, number, pk)
    is_new = row.send(by=request.user)
    messages.success(request, f"{row} sent." if is_new else f"{row} was sent already.")
    return redirect(row)


@verb(WORK, page=at_row)
def approve(request, number: int, pk: int):
    row = _row(request, number, pk)
    seen = request.POST.get("revision", "")
    row.approve(by=request.user, based_on=int(seen) if re.fullmatch("[0-9]{1,9}", seen) else None)
    messages.success(request, f"{row} approved and sent.")
    return redirect(row)


@verb(WORK, page=at_row)
def send_back(request, number: int, pk: int):
    row = _row(request, number, pk)
    row.send_back(by=request.user, reason=request.POST.get("reason", ""))
    messages.success(request, "Sent back to its author.")
    return redirect(row)


@verb(WORK, page=at_row)
def withdraw(request, number: int, pk: int):
    row = _row(request, number, pk)
    row.withdraw(by=request.user)
    messages.success(request, "Withdrawn. Nobody was told.")
    return redirect(row)


@verb(WORK, page=at_row)
def retry(request, number: int, pk: int):
    """Send once more what did not arrive."""
    row = _row(request, number, pk)
    count = row.send_again(by=request.user)
    messages.success(request, f"{count} sent again." if count else "Nothing failed.")
    return redirect(row)
