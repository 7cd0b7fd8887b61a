"""Pages that belong to no app: the first page, health, errors."""

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import DisallowedHost
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from onboarding.attention import to_mend
from onboarding.guides.listing import mine
from onboarding.models import Guide, StuckReport, StuckState
from onboarding.progress.charts import remembered_trend
from portal.accounts.signin.adapters import FIRST_SIGN_IN
from portal.core.api.problems import problem_response
from portal.core.problems import DomainError
from portal.notifications.models import Beat
from runbooks.models import Gap, Run, Runbook, Version

API = "/api/"
SHOWN = 6


def home(request):
    """What needs this person now, and the search box. The very first time: their guides."""
    today = timezone.localdate()
    if request.session.pop(FIRST_SIGN_IN, False) and _guides_wait_for(request.user):
        return redirect("onboarding:guides")
    own = Runbook.objects.visible(request.user).owned_by(request.user)
    may_fill = request.user.has_perm("runbooks.add_runbook")
    return render(
        request,
        "home.html",
        {
            "guides": _guides(request.user, today),
            "tour": _tour(request.user),
            **_stuck(request.user),
            "mending": to_mend(request.user),
            "learning": _learning(request.user),
            "runs": _runs(Run.objects.held_by(request.user)),
            "confirmations": _runs(Run.objects.waiting_for(request.user)),
            "reviews": _first(
                Version.objects.reviewable_by(request.user).select_related("runbook")
            ),
            "approved": _first(
                Version.objects.publishable_by(request.user).select_related("runbook")
            ),
            "drafts": _first(Version.objects.unfinished_by(request.user).select_related("runbook")),
            "stale": _first(own.stale(on=today).with_last_run().order_by("review_due", "pk")),
            "gaps": _first(Gap.objects.open()) if may_fill else [],
            "copies": _first(request.user.working_copies.select_related("runbook")),
            "today": today,
        },
    )


def _runs(rows):
    return _first(rows.select_related("runbook", "holder").prefetch_related("steps"))


def _first(rows):
    return list(rows[:SHOWN])


def _reads_guides(user) -> bool:
    return user.has_perm("onboarding.view_guide")


def _guides(user, today) -> list:
    return mine(user, on=today, limit=SHOWN) if _reads_guides(user) else []


def _stuck(user) -> dict:
    """Reports to answer, and answers to read."""
    rows = StuckReport.objects.waiting_for(user, most=SHOWN).select_related("guide", "user")
    found = list(rows)
    waiting = [report for report in found if report.state == StuckState.OPEN]
    return {"stuck": waiting, "answers": [report for report in found if report not in waiting]}


def _tour(user) -> Guide | None:
    return Guide.objects.tours_for(user).first() if _reads_guides(user) else None


def _learning(user):
    """How the completion rate of guides moves, for team leads."""
    return remembered_trend() if user.has_perm("onboarding.view_progress") else None


def _guides_wait_for(user) -> bool:
    return bool(_reads_guides(user) and (_tour(user) or Guide.objects.open_for(user).exists()))


@login_not_required
def healthz(request):
    """The process answers."""
    return HttpResponse("ok\n", content_type="text/plain")


@login_not_required
def readyz(request):
    """The process can do its work: the database answers. Whether an engine lives is told only."""
    try:
        engine = Beat.objects.word(timezone.now())
    except Exception:
        return JsonResponse({"database": "unreachable"}, status=503, headers={"Retry-After": "5"})
    return JsonResponse({"database": "ok", "engine": engine})


def error(request, status: int, title: str, detail: str):
    """An error as a page, or as a problem document below /api/."""
    if request.path.startswith(API):
        return problem_response(request, status=status, title=title, detail=detail)
    return render(request, "error.html", {"title": title, "detail": detail}, status=status)


def bad_request(request, exception=None):
    detail = "Go back, reload the page and try again."
    if isinstance(exception, DisallowedHost):
        detail = "The portal is not known by this name. Operators add it to PORTAL_HOSTS."
    return error(request, 400, "That request cannot be read", detail)


def forbidden(request, exception=None):
    detail = "Your role does not allow this. An operator can give you another one."
    return error(request, 403, "Not allowed", detail)


def not_found(request, exception=None):
    return error(request, 404, "Nothing here", "The address leads nowhere, or you may not see it.")


def server_error(request):
    detail = "It was written to the log. What you typed is not lost: go back."
    return error(request, 500, "Something broke on our side", detail)


def csrf_failure(request, reason=""):
    detail = "The form was open too long, or cookies are off. Go back, reload, and send it again."
    return error(request, 403, "This form is no longer valid", detail)


def problem(request, code):
    """What the `type` of a problem document means."""
    known = {kind.code: kind for kind in kinds(DomainError)}
    if code not in known:
        raise Http404
    detail = " ".join((known[code].__doc__ or "").split())
    return render(request, "error.html", {"title": known[code].title, "detail": detail})


def kinds(base: type[DomainError]):
    for kind in base.__subclasses__():
        yield kind
        yield from kinds(kind)
