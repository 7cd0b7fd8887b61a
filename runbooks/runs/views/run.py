"""Following a runbook: start, the page of a run, its steps, its end."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from portal.accounts.api.idempotency import once
from portal.core.media.uploads import UploadRefused, store_image
from portal.core.problems import DomainError, Refused
from portal.core.web.keys import is_key
from portal.core.web.refusals import refusals_shown, verb
from runbooks.documents.views.access import runbook_of
from runbooks.models import Run, StepState, TypedNote
from runbooks.models.run_queries import followable
from runbooks.models.step_verbs import SETTLED
from runbooks.problems import BadValues, WrongState
from runbooks.runs.forms import PREFIX, EndForm, HandOverForm, StartForm, StepForm
from runbooks.runs.page import LATEST, RunPage
from runbooks.runs.rows import run_at

may_start = permission_required("runbooks.add_run", raise_exception=True)
may_read = permission_required("runbooks.view_run", raise_exception=True)
LARGEST_STEP = 100_000
MOST_ENTRIES = 10_000
NO_CONTENT = 204


@require_http_methods(["GET", "HEAD", "POST"])
@may_start
@refusals_shown
def start(request, slug):
    """The values, and off. A rollback takes over the values of the run that it takes back."""
    runbook = runbook_of(request, slug)
    if runbook.successor:
        return redirect("runbooks:start-run", runbook.successor.slug)
    version = followable(runbook)
    other = _taken_back(request)
    if other:
        other.require_rollback(runbook, by=request.user)
    if request.method != "POST":
        return _starting(
            request, runbook, StartForm(runbook, version, initial=_initial(other, runbook))
        )
    form = StartForm(runbook, version, request.POST)
    if not form.is_valid():
        return _starting(request, runbook, form, status=400)
    try:
        return redirect(once(request.user, form.key, lambda: _begun(request, form, other)))
    except BadValues as refusal:
        form.refuse(refusal.wrong)
        return _starting(request, runbook, form, status=400)
    except WrongState as refusal:  # another version was published meanwhile: its form, as filled in
        form.add_error(None, refusal.detail)
        return _starting(request, runbook, form, status=refusal.status)


def _begun(request, form: StartForm, other: Run | None) -> str:
    run = Run.objects.start(
        form.runbook,
        by=request.user,
        parameters=form.parameters,
        version=form.cleaned_data["version"],
        rollback_of=other,
        **form.about,
    )
    return run.get_absolute_url()


def _starting(request, runbook, form, *, status: int = 200):
    other = _taken_back(request)
    context = {
        "runbook": runbook,
        "form": form,
        "other": other,
        "carried": sorted(other.carried_to(runbook)) if other else [],
        "environments": runbook.runs.environments(),
        "running": runbook.runs.running().recent().select_related("holder")[:5],
    }
    return render(request, "runbooks/run_start.html", context, status=status)


def _taken_back(request) -> Run | None:
    number = request.POST.get("rollback_of") or request.GET.get("rollback_of") or ""
    if not is_key(number):
        return None
    return Run.objects.visible(request.user).filter(pk=int(number)).first()


def _initial(other: Run | None, runbook) -> dict:
    if other is None:
        return {}
    about = {name: getattr(other, name) for name in ("environment", "service", "link")}
    values = {PREFIX + name: value for name, value in other.carried_to(runbook).items()}
    return {**about, **values, "release": other.release_before(), "rollback_of": other.pk}


def at_run(pk, number: int | None = None) -> str:
    """The page of a run, at the step of that number."""
    return reverse("runbooks:run", args=[pk]) + (f"?step={number}" if number else "")


def run_of(request, pk: int) -> Run:
    rows = Run.objects.visible(request.user).select_related(
        "runbook__published", "version", "holder", "service", "rollback_of__runbook"
    )
    return get_object_or_404(rows, pk=pk)


@require_safe
@may_read
def run(request, pk):
    """The page; `seen` and `state` are sent by open pages that ask whether anything changed."""
    found = run_at(pk)
    if found is None:
        raise Http404
    if request.GET.get("seen") == str(found.revision):
        return HttpResponse(status=NO_CONTENT)
    page = _page(request, found)
    live = "seen" in request.GET and request.htmx
    context = {
        "page": page,
        "run": found,
        "was": request.GET.get("state", ""),
        "was_rolled_back": bool(request.GET.get("back")) and page.rolled_back_by is None,
    }
    return render(request, "runbooks/_run_live.html" if live else "runbooks/run.html", context)


def _page(request, run: Run, number: int | None = None) -> RunPage:
    text = request.GET.get("step", "")
    chosen = int(text) if text.isascii() and text.isdigit() and len(text) < 7 else None
    most = MOST_ENTRIES if request.GET.get("log") == "all" else LATEST
    who, now = request.user, timezone.now()
    return RunPage(run, user=who, step=number or chosen, most=most, now=now)


@verb("runbooks.change_run", page=at_run)
def step(request, pk, number):
    """One button of one step. What is refused is shown with everything that was typed."""
    run = run_of(request, pk)
    form = StepForm(request.POST, request.FILES)
    if not form.is_valid():
        return _unticked(request, run, number, next(iter(form.errors.values()))[0], status=400)
    try:
        told = _act(request, run, number, form.cleaned_data)
    except DomainError as refusal:
        run.refresh_from_db()
        if _has_stopped(run):
            return _kept(request, run, form.cleaned_data["note"], number)
        return _unticked(request, run, number, refusal.detail, status=refusal.status)
    if told:
        messages.info(request, told)
    return redirect(_onward(run, number))


def _has_stopped(run: Run) -> bool:
    """Whether it ended, or a rollback of it began, while somebody typed."""
    return not run.is_running or run.rolled_back_by() is not None


def _kept(request, run: Run, note: str, number: int | None = None):
    """It has stopped while this was typed: that goes into the log all the same."""
    image, back = request.FILES.get("image"), run.rolled_back_by()
    told = f"{run.ended_by_name or 'Somebody'} ended this run: {run.get_state_display().lower()}."
    if run.is_running and back:
        told = f"This run is being rolled back by run {back.pk}."
    if note.strip() or image is not None:
        run.note(note, by=request.user, number=number, image=_stored(image))
        told += " What you wrote is saved in the log."
    messages.info(request, told)
    return redirect(run)


def _onward(run: Run, number: int) -> str:
    """The next step once this one is settled; until then this one."""
    left = run.steps.exclude(state__in=SETTLED).order_by("number")
    steps = list(left.values_list("number", flat=True))
    if number in steps or not steps:
        return at_run(run.pk, number if steps else None)
    after = next((step for step in steps if step > number), steps[0])
    return at_run(run.pk, after)


def _act(request, run: Run, number: int, given: dict) -> str:
    """Call the verb of the button; returns what to tell when somebody else was faster."""
    note, by = given["note"], request.user
    image = _stored(given["image"])
    match given["verb"]:
        case "done":
            did = run.complete_step(number, by=by, note=note, checked=given["checked"], image=image)
        case "failed":
            did = run.fail_step(number, by=by, reason=note, image=image)
        case "skip":
            did = run.skip_step(number, by=by, reason=note, image=image)
        case "confirm":
            did = run.confirm_step(number, by=by, note=note, image=image)
        case "retry":
            did = run.retry_step(number, by=by, note=note, image=image)
        case _:
            did = bool(run.note(note, by=by, number=number, image=image))
    return "" if did else _who(run, number)


def _who(run: Run, number: int) -> str:
    step = run.steps.get(number=number)
    kept = "What you wrote is saved in the log."
    return f"Step {number}: {step.get_state_display().lower()}, by {step.by_name}. {kept}"


def _stored(upload):
    if upload is None:
        return None
    try:
        return store_image(upload, name=upload.name)
    except UploadRefused as refusal:
        raise Refused(refusal.detail, pointer="/image") from refusal


def _unticked(request, run: Run, number: int, detail: str, *, status: int):
    """The page again, with what was typed: nobody types twice."""
    if request.FILES:
        detail += " Attach the picture again."
    page = _page(request, run, number)
    page.typed = request.POST.get("note", "")
    return _again(request, page, detail, status=status)


def _again(request, page: RunPage, detail: str = "", *, status: int):
    context = {"page": page, "run": page.run, "refusal": detail}
    answer = render(request, "runbooks/run.html", context, status=status)
    shown = at_run(page.run.pk, page.shown.number)
    answer.headers["HX-Replace-Url"] = shown  # the address of a button has no page
    return answer


@verb("runbooks.change_run")
def typed(request, pk, number):
    """Keep what is being typed; it waits on every device."""
    run = run_of(request, pk)
    found = get_object_or_404(run.steps, number=number)
    text = request.POST.get("note", "")[:LARGEST_STEP].replace("\x00", "")
    if found.state in (StepState.OPEN, StepState.FAILED, StepState.WAITING) and run.is_running:
        TypedNote.objects.keep(found, request.user, text)
    return render(request, "runbooks/_run_typed.html", {"now": timezone.now()})


@verb("runbooks.change_run", page=at_run)
def note(request, pk):
    """A note on the whole run, also after its end."""
    run, image = run_of(request, pk), _stored(request.FILES.get("image"))
    run.note(request.POST.get("note", "").replace("\x00", ""), by=request.user, image=image)
    return redirect(run)


@verb("runbooks.change_run", page=at_run)
def hand_over(request, pk):
    """To the person who was named; or, by “Take the lead”, to whoever pressed it."""
    run, form = run_of(request, pk), HandOverForm(request.POST)
    if "take" in request.POST:
        run.hand_over(request.user, by=request.user)
    elif not _did(form, lambda to, note: run.hand_over(to, by=request.user, note=note)):
        page = _page(request, run)
        page.hand_over_form = form
        return _again(request, page, status=400)
    messages.success(request, f"{run.holder} leads it now.")
    return redirect(run)


def _did(form, act) -> bool:
    """Whether it was done; what is wrong with a value, or was refused, is said at its field."""
    if not form.is_valid():
        return False
    try:
        act(**form.cleaned_data)
    except Refused as refusal:
        form.refuse(refusal.detail)
        return False
    return True


@verb("runbooks.change_run", page=at_run)
def end(request, pk):
    """Finish or stop it."""
    run, form = run_of(request, pk), EndForm(request.POST)
    try:
        if _did(form, lambda outcome, note: run.end(outcome, by=request.user, note=note)):
            return redirect(run)
    except WrongState:
        run.refresh_from_db()
        if not _has_stopped(run):
            raise
        return _kept(request, run, form.cleaned_data["note"])
    if "note" not in form.errors:  # a button that is none of ours
        raise Refused(next(iter(form.errors.values()))[0])
    page = _page(request, run)
    page.end_form = form
    return _again(request, page, status=400)
