"""The verbs of an incident as pages: each asks for what it needs, and says what was refused."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from incidents.models import ClockKind, Incident
from incidents.models.teamwork import WORK
from portal.accounts.api.idempotency import once
from portal.core.problems import DomainError, Stale
from portal.core.web.refusals import verb as verb_view

from .forms import (
    ChangeForm,
    EscalateForm,
    NeededReasonForm,
    OtherForm,
    ReasonForm,
    SeverityForm,
)
from .views import incident_of


@dataclass(frozen=True)
class Verb:
    """One page: its words, its form, and the verb of the model that it calls."""

    title: str
    button: str
    icon: str
    act: Callable[[Incident, Any, Any], Any]  # of (incident, form, by); False: it is so already
    done: str
    form: type[ReasonForm] = ReasonForm
    label: str = ""  # of the text
    about: str = ""
    warns: Callable[[Incident], str] | None = None  # what is lost by it
    template: str = "incidents/verb.html"


def _text(form) -> str:
    return str(form.cleaned_data["text"])


def _escalated(incident: Incident, form, by) -> bool:
    incident.escalate(by=by, policy=form.cleaned_data["policy"], reason=_text(form))
    return True


def _closing(incident: Incident) -> str:
    """What is missing, and what does not happen when it is closed now."""
    is_open, terms = incident.is_open, incident.terms
    is_due = incident.clocks.running().filter(kind=ClockKind.REVIEW).exists()
    would_be = is_open and terms.get("review_days") is not None and not incident.is_drill_or_ticket
    said = ["It is not resolved yet: say why it is closed."] if is_open else []
    if is_due or would_be:
        said.append(f"This {incident.severity_name} gets no review.")
    return " ".join(said)


VERBS = {
    "identify": Verb(
        "The cause is identified",
        "Mark as identified",
        "flag",
        lambda row, form, by: row.identify(by=by, text=_text(form)),
        "The cause is identified.",
        label="What is the cause?",
    ),
    "investigate": Verb(
        "Back to investigating",
        "Investigate again",
        "search",
        lambda row, form, by: row.investigate(by=by, text=_text(form)),
        "It is investigated again.",
        label="What was wrong?",
    ),
    "mitigate": Verb(
        "The effect is mitigated",
        "Mark as mitigated",
        "check",
        lambda row, form, by: row.mitigate(by=by, text=_text(form)),
        "It is mitigated. Watch whether it stays that way.",
        label="What was done?",
        about="Users are no longer hurt. It stays open while you watch it.",
    ),
    "resolve": Verb(
        "Resolve",
        "Resolve",
        "ok",
        lambda row, form, by: row.resolve(by=by, text=_text(form)),
        "Incident resolved.",
        label="How did it end?",
        about="Nobody is called any more, and the review is due.",
    ),
    "close": Verb(
        "Close",
        "Close",
        "archive",
        lambda row, form, by: row.close(by=by, text=_text(form)),
        "It is closed.",
        label="What is left to say?",
        about="Nothing more is due for it.",
        warns=_closing,
    ),
    "reopen": Verb(
        "Reopen",
        "Reopen",
        "restore",
        lambda row, form, by: row.reopen(by=by, reason=_text(form)),
        "It is open again.",
        form=NeededReasonForm,
        label="What came back?",
        about="Its clocks run again, and people are called.",
    ),
    "escalate": Verb(
        "Escalate",
        "Call them now",
        "up",
        _escalated,
        "The next ones are called now.",
        form=EscalateForm,
        label="What do you need them for?",
    ),
    "severity": Verb(
        "Change severity",
        "Change severity",
        "trend",
        lambda row, form, by: row.change_severity(form.severity, by=by, reason=_text(form)),
        "Severity changed. Its clocks start again.",
        form=SeverityForm,
        about="A worse one calls people again. Unsure: take the higher.",
        template="incidents/severity_of.html",
    ),
    "merge": Verb(
        "Merge into another incident",
        "Merge",
        "git",
        lambda row, form, by: row.merge(form.cleaned_data["other"], by=by),
        "It is merged.",
        form=OtherForm,
        about="It is the same. The other one gets its alerts, services, runs and people, and this "
        "one is closed.",
    ),
    "relate": Verb(
        "Relate to another incident",
        "Relate",
        "link",
        lambda row, form, by: row.relate(form.cleaned_data["other"], by=by),
        "The two are related.",
        form=OtherForm,
        about="They have to do with each other, and both stay.",
    ),
    "restrict": Verb(
        "Restrict",
        "Restrict",
        "lock",
        lambda row, form, by: row.restrict(by=by, reason=_text(form)),
        "It is restricted: others do not see that it exists.",
        about="Only those who take part, and operators, see that it exists. They are told, with "
        "what you write.",
    ),
    "unrestrict": Verb(
        "Open it to everybody",
        "Remove restriction",
        "eye",
        lambda row, form, by: row.unrestrict(by=by, reason=_text(form)),
        "Everybody who reads incidents sees it.",
        about="Everybody who reads incidents sees it, with all of its timeline.",
    ),
}


def page_of(name: str):
    """The view of one verb."""
    verb = VERBS[name]

    @require_http_methods(["GET", "HEAD", "POST"])
    @permission_required(WORK, raise_exception=True)
    def page(request, number: int):
        found = incident_of(request, number)
        data = request.POST if request.method == "POST" else None
        form = verb.form(data, incident=found, user=request.user, label=verb.label)
        status = 200
        if form.is_valid():
            try:
                return redirect(
                    once(request.user, form.key, lambda: _done(request, verb, found, form))
                )
            except (DomainError, ValidationError) as refusal:
                form.refuse(refusal)
                status = getattr(refusal, "status", 400)
                found.refresh_from_db()
        elif form.errors:
            status = 400
        warning = verb.warns(found) if verb.warns else ""
        context = {"incident": found, "verb": verb, "form": form, "warning": warning}
        return render(request, verb.template, context, status=status)

    return page


def _done(request, verb: Verb, found: Incident, form) -> str:
    did = verb.act(found, form, request.user)
    messages.info(request, verb.done if did else "Nothing changed: somebody did this already.")
    return found.get_absolute_url()


def at_incident(number: int, **rest) -> str:
    return reverse("incidents:incident", args=[number])


@verb_view(WORK, page=at_incident)
def acknowledge(request, number: int):
    found = incident_of(request, number)
    if found.acknowledge(by=request.user):
        messages.success(request, f"You have {found.name}: nobody else is called.")
    else:
        who = found.acknowledged_by or "Somebody"
        messages.info(request, f"{who} has acknowledged it already.")
    return redirect(found)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(WORK, raise_exception=True)
def edit(request, number: int):
    """Title and description. Of two who edit at once the later one sees both texts."""
    found = incident_of(request, number)
    if request.method != "POST":
        return _editing(request, found, _filled(found))
    form = ChangeForm(request.POST)
    if not form.is_valid():
        return _editing(request, found, form, status=400)
    given = form.cleaned_data
    changes = {name: given[name] for name in ("title", "description")}
    try:
        found.change(changes, by=request.user, based_on=given["based_on"] or None)
    except Stale as refusal:
        found.refresh_from_db()
        form = ChangeForm(initial={**changes, "based_on": found.text_mark})
        return _editing(request, found, form, theirs=refusal.theirs, status=409)
    except (DomainError, ValidationError) as refusal:
        form.refuse(refusal)
        return _editing(request, found, form, status=400)
    messages.success(request, "Saved.")
    return redirect(found)


def _filled(found: Incident) -> ChangeForm:
    about = {"title": found.title, "description": found.description}
    return ChangeForm(initial={**about, "based_on": found.text_mark})


def _editing(request, found: Incident, form: ChangeForm, *, theirs=None, status: int = 200):
    context = {"incident": found, "form": form, "theirs": theirs}
    return render(request, "incidents/change.html", context, status=status)
