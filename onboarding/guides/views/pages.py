"""The list of guides, the page of one, the whole on one page."""

from django.core.paginator import Paginator
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from onboarding.guides.forms import FindForm
from onboarding.guides.listing import mine
from onboarding.guides.page import GuidePage
from onboarding.guides.rows import guide_rows
from onboarding.models import Guide
from portal.core.media.chromium import chromium
from portal.notifications.watches.views import verbs
from portal.search.query import forgiven

from .access import guide_of, reading

SHOWN = 50


@require_safe
@reading
def guides(request):
    """What I am asked to follow, what I am in the middle of, and all others."""
    form, today = FindForm(request.GET), timezone.localdate()
    found, near = forgiven(Guide.objects.all(), form.words, user=request.user, kind="guide")
    among = found if form.words.strip() else None
    own = mine(request.user, on=today, among=among) if form.shown != "done" else []
    others = _others(request.user, found, form.shown)
    context = {
        "form": form,
        "near": near,
        "asked": guide_rows((each for each in own if each.is_asked), request.user),
        "begun": guide_rows((each for each in own if not each.is_asked), request.user),
        "page": Paginator(others, SHOWN).get_page(request.GET.get("page")),
        "today": today,
    }
    return render(request, "onboarding/guides.html", context)


def _others(user, found, shown: str):
    """What is offered to the reader's role first. Authors also see what is not published."""
    rows = found.visible(user).current()
    rows = rows.exclude(pk__in=Guide.objects.open_for(user).order_by().values("pk"))
    rows = rows.with_completion(user).with_offer(user.role).select_related("owner")
    if shown:
        rows = rows.filter(is_completed=shown == "done")
    return rows.order_by("is_completed", "-is_offered", "position", "title", "pk")


@require_safe
@reading
def guide(request, slug):
    """What it is for, its steps, and how far I am."""
    page = GuidePage(guide_of(request, slug), user=request.user, on=timezone.localdate())
    name = "guide" if page.version else "unpublished"
    return render(request, f"onboarding/{name}.html", {"page": page, "guide": page.guide})


@require_safe
@reading
def whole(request, slug):
    """All steps on one page, for those who read first and for paper."""
    page = GuidePage(guide_of(request, slug), user=request.user, on=timezone.localdate())
    name = "whole" if page.version else "unpublished"
    context = {"page": page, "guide": page.guide, "now": timezone.now(), "prints": chromium()}
    return render(request, f"onboarding/{name}.html", context)


def at_guide(slug) -> str:
    return reverse("onboarding:guide", args=[slug])


watch, unwatch = verbs("onboarding.view_guide", thing=guide_of, page=at_guide)
