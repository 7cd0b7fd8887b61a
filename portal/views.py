"""Pages that belong to no app: health, errors, what the type of a problem means."""

import sys

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import DisallowedHost
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse

from portal.core.api.problem_types import meaning_of
from portal.core.api.problems import problem_response, waiting
from portal.core.data import clock
from portal.core.data.outages import outage_of
from portal.core.problems import DomainError
from portal.core.web.context import address
from portal.notifications.models import Beat

API = "/api/"
ICONS = (("icon-192", 192, "any"), ("icon-512", 512, "any"), ("icon-maskable", 512, "maskable"))
DAY = 86_400
CODES = {400: "parse-error", 403: "permission-denied", 404: "not-found", 500: "error"}


@login_not_required
def healthz(request):
    """The process answers."""
    return HttpResponse("ok\n", content_type="text/plain")


@login_not_required
def readyz(request):
    """The process can do its work: the database answers. Whether an engine lives is told only."""
    try:
        found = {"engine": Beat.objects.word(clock.now())}
        if settings.DEAD_MAN_URL:
            found["dead_man"] = Beat.objects.report_word()
    except Exception:
        return JsonResponse({"database": "unreachable"}, status=503, headers={"Retry-After": "5"})
    return JsonResponse({"database": "ok", **found})


@login_not_required
def manifest(request):
    """What a phone needs to put the portal on its home screen (W3C Web Application Manifest)."""
    paper = "#ffffff"
    about = {
        "name": settings.SITE_NAME,
        "short_name": settings.SITE_NAME,
        "start_url": reverse("home"),
        "scope": reverse("home"),
        "display": "standalone",
        "background_color": paper,
        "theme_color": paper,
        "icons": [_icon(*each) for each in ICONS],
    }
    kept = {"Cache-Control": f"max-age={DAY}, public"}
    return JsonResponse(about, content_type="application/manifest+json", headers=kept)


def _icon(name: str, size: int, purpose: str) -> dict[str, str]:
    found = {"src": address(f"{name}.png"), "sizes": f"{size}x{size}", "type": "image/png"}
    return {**found, "purpose": purpose}


def error(request, status: int, title: str, detail: str, *, searches: bool = False):
    """An error as a page, or as a problem document below /api/."""
    if request.path.startswith(API):
        code = CODES.get(status, "")  # its title is the same for each problem of a type
        return problem_response(request, status=status, detail=detail, code=code)
    has_session = settings.SESSION_COOKIE_NAME in request.COOKIES  # asks no database
    context = {"title": title, "detail": detail, "searches": searches and has_session}
    return render(request, "error.html", context, status=status)


def bad_request(request, exception=None):
    detail = "Go back, reload the page and try again."
    if isinstance(exception, DisallowedHost):
        detail = "The portal is not known by this name. Operators add it to PORTAL_HOSTS."
    return error(request, 400, "That request cannot be read", detail)


def forbidden(request, exception=None):
    detail = "Your role does not allow this. An operator can give you another one."
    return error(request, 403, "Not allowed", detail, searches=True)


def not_found(request, exception=None):
    detail = (
        "There is no such page, or your role does not include it. Check the address, or search."
    )
    return error(request, 404, "Nothing here", detail, searches=True)


def outage(request, found: DomainError):
    """The database is away, or a disk full: said calmly, without asking either of them."""
    if request.path.startswith(API):
        return problem_response(
            request,
            status=found.status,
            title=found.title,
            detail=found.detail,
            code=found.code,
            headers=waiting(found),
        )
    context = {"title": found.title, "detail": found.detail, "again": request.get_full_path()}
    page = render(request, "outage.html", context, status=found.status)
    for name, value in waiting(found).items():
        page.headers[name] = value
    return page


def server_error(request):
    if found := outage_of(sys.exception()):
        return outage(request, found)
    detail = "It was written to the log. What you typed is not lost: go back."
    return error(request, 500, "Something broke on our side", detail)


def csrf_failure(request, reason=""):
    detail = "The form was open too long, or cookies are off. Go back, reload, and send it again."
    return error(request, 403, "This form is no longer valid", detail)


@login_not_required
def problem(request, code):
    """What the `type` of a problem document means: JSON for programs, a page for browsers."""
    found = meaning_of(code)
    if found is None:
        raise Http404
    if request.accepts("text/html") and "text/html" in request.headers.get("Accept", ""):
        return render(request, "error.html", found)
    return JsonResponse(found)
