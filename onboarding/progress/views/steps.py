"""Following a guide: begin, one step at a time, stuck, the end. A GET changes nothing."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from onboarding.guides.page import GuidePage, StepPage
from onboarding.guides.views.access import guide_of, progress_of, reading
from onboarding.models import Progress, StuckReport
from onboarding.progress.forms import SeenForm
from onboarding.support.forms import StuckForm
from portal.core.problems import Refused
from portal.core.web.refusals import verb

NO_CONTENT = 204


def at_guide(slug) -> str:
    return reverse("onboarding:guide", args=[slug])


def at_step(slug, key) -> str:
    return reverse("onboarding:step", args=[slug, key])


def step_page(request, slug, key) -> StepPage:
    return StepPage(guide_of(request, slug), key, user=request.user, on=timezone.localdate())


@require_safe
@reading
def step(request, slug, key):
    """One action, its picture or film, and the buttons."""
    page = step_page(request, slug, key)
    if page.version is None:
        return render(request, "onboarding/unpublished.html", {"page": page, "guide": page.guide})
    if page.shown is None:
        context = {"page": page, "guide": page.guide}
        return render(request, "onboarding/step_gone.html", context, status=404)
    return _shown(request, page, StuckForm(), is_asking="stuck" in request.GET and page.may_ask)


def _shown(request, page: StepPage, form: StuckForm, *, is_asking: bool, status: int = 200):
    context = {"page": page, "guide": page.guide, "form": form, "is_asking": is_asking}
    return render(request, "onboarding/step.html", context, status=status)


@verb("onboarding.add_progress", page=at_guide)
def start(request, slug):
    """Begin it, or go on: the first step that is not ticked."""
    guide = guide_of(request, slug)
    Progress.objects.start(guide, by=request.user, at=timezone.now())
    return redirect(_next_step(request, guide))


@verb("onboarding.view_guide", page=at_guide)
def put_aside(request, slug):
    """The welcome tour is not offered any more; it stays in the list."""
    guide = guide_of(request, slug)
    guide.put_aside(by=request.user, at=timezone.now())
    messages.success(request, f"“{guide}” postponed. You find it among all guides.")
    return redirect("home")


def _next_step(request, guide) -> str:
    page = GuidePage(guide, user=request.user, on=timezone.localdate())
    return page.next_line.address if page.next_line else guide.get_absolute_url()


@verb("onboarding.add_progress", page=at_guide)
def move_over(request, slug):
    """Go on with the version that is published now; ticks stay."""
    progress = progress_of(request, slug)
    progress.move_over(at=timezone.now())
    messages.success(request, f"You follow v{progress.version.number} now. Your progress is saved.")
    return redirect(progress.guide)


@verb("onboarding.add_progress", page=at_guide)
def acknowledge(request, slug):
    progress = progress_of(request, slug)
    progress.acknowledge(at=timezone.now())
    messages.success(request, "Noted: you read and understood it.")
    return redirect(progress.guide)


@verb("onboarding.add_progress", page=at_step)
def done(request, slug, key):
    """Tick it and go on to the next open step; after the last one the guide says the rest."""
    progress_of(request, slug).done(str(key), at=timezone.now())
    return redirect(step_page(request, slug, key).onward())


@verb("onboarding.add_progress", page=at_step)
def undo(request, slug, key):
    """Take the tick back."""
    progress_of(request, slug).undo(str(key), at=timezone.now())
    return redirect("onboarding:step", slug, key)


@verb("onboarding.add_progress")
def seen(request, slug, key):
    """Visible time, sent by the open page itself."""
    form = SeenForm(request.POST)
    if not form.is_valid():
        raise Refused("Send the seconds as a whole number.", pointer="/seconds")
    progress = progress_of(request, slug)
    progress.view(str(key), seconds=form.cleaned_data["seconds"], at=timezone.now())
    return HttpResponse(status=NO_CONTENT)


@verb("onboarding.add_stuckreport", page=at_step)
@permission_required("onboarding.add_progress", raise_exception=True)
def stuck(request, slug, key):
    """Say what happened, which begins the guide; what is refused is shown with what was typed."""
    form = StuckForm(request.POST)
    if not form.is_valid():
        page = step_page(request, slug, key)
        if page.shown is None:
            raise Refused("This version of the guide has no such step.", pointer="/step")
        return _shown(request, page, form, is_asking=True, status=400)
    address = at_step(slug, key)
    about = {"by": request.user, "at": timezone.now()}
    with transaction.atomic():  # a report that is refused begins nothing
        progress = Progress.objects.start(guide_of(request, slug), **about)
        text = form.cleaned_data["text"]
        StuckReport.objects.report(progress, str(key), text=text, page=address, **about)
    messages.success(
        request, "It was passed on. Your progress is saved; the answer will stand here."
    )
    return redirect(f"{address}#stuck")
