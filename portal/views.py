"""Pages that belong to no app: the first page, health, errors."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone

from portal.core.api.problems import problem_response
from portal.core.problems import DomainError
from portal.notifications.models import Beat
from runbooks.models import Gap, Run, Runbook, Version

API = "/api/"
SHOWN = 6


def home(request):
    """What needs this person now, and the search box."""
    today = timezone.localdate()
    mine = Runbook.objects.visible(request.user).owned_by(request.user)
    may_fill = request.user.has_perm("runbooks.add_runbook")
    return render(
        request,
        "home.html",
        {
            "runs": _first(Run.objects.held_by(request.user).select_related("runbook")),
            "confirmations": _first(
                Run.objects.waiting_for(request.user).select_related("runbook")
            ),
            "reviews": _first(
                Version.objects.reviewable_by(request.user).select_related("runbook")
            ),
            "approved": _first(
                Version.objects.publishable_by(request.user).select_related("runbook")
            ),
            "drafts": _first(Version.objects.unfinished_by(request.user).select_related("runbook")),
            "stale": _first(mine.stale(on=today).order_by("review_due", "pk")),
            "gaps": _first(Gap.objects.open()) if may_fill else [],
            "copies": _first(request.user.working_copies.select_related("runbook")),
            "today": today,
        },
    )


def _first(rows):
    return list(rows[:SHOWN])


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
    return error(
        request, 400, "That request cannot be read", "Go back, reload the page and try again."
    )


def forbidden(request, exception=None):
    detail = "Your role does not allow this. An operator can give you another one."
    return error(request, 403, "Not allowed", detail)


def not_found(request, exception=None):
    return error(request, 404, "Nothing here", "The address leads nowhere, or you may not see it.")


def server_error(request):
    name = getattr(request, "id", "unknown")
    detail = f"It was written to the log as {name}. What you typed is not lost: go back."
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
