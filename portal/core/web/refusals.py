"""How the web answers a verb that was refused: its status, and a page that says what to do."""

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from portal.core.markdown import MarkdownError, MarkdownTooLarge
from portal.core.problems import DomainError


def refusals_shown(view):
    """Show what a verb refuses as a page; what it raised must have changed nothing."""

    @wraps(view)
    def guarded(request, *arguments, **named):
        try:
            return view(request, *arguments, **named)
        except DomainError as refusal:
            return _answered(request, refusal)
        except MarkdownError as refusal:
            return refused(request, status_of(refusal), "Not rendered", str(refusal))
        except ValidationError as refusal:
            return refused(request, 400, "Not accepted", " ".join(refusal.messages))

    return guarded


def verb(permission: str, *, page: Callable[..., str] | None = None):
    """A view that changes something: POST only, for holders of the permission, refusals shown.

    `page` gives, for the arguments of the view, the address that a GET is led to: the page of a
    refusal stands at the address of the verb and may be opened anew.
    """

    def wrap(view):
        allowed = permission_required(permission, raise_exception=True)(refusals_shown(view))
        posted = require_POST(allowed)

        @wraps(view)
        def answered(request, *arguments, **named):
            if page and request.method in ("GET", "HEAD"):
                return redirect(page(*arguments, **named))
            return posted(request, *arguments, **named)

        return answered

    return wrap


def status_of(refusal: MarkdownError) -> int:
    return 413 if isinstance(refusal, MarkdownTooLarge) else 400


def _answered(request, refusal: DomainError):
    """With the time to wait, where trying again helps."""
    about = refusal.status, refusal.title, refusal.detail
    page = refused(request, *about, refusal.extra.get("follow", ""), again=bool(refusal.wait))
    if refusal.wait:
        page.headers["Retry-After"] = str(refusal.wait)
    return page


def refused(request, status: int, title: str, detail: str, follow: str = "", *, again=False):
    """The page of a refusal: what to follow instead, and the way back to where it was asked."""
    context = {"title": title, "detail": detail, "follow": follow, "back": _back(request)}
    if again and request.method == "GET":
        context["again"] = request.get_full_path()
    return render(request, "refused.html", context, status=status)


def _back(request) -> str:
    """The page that asked, if it is one of ours."""
    referer = request.headers.get("Referer", "")
    ours = url_has_allowed_host_and_scheme(referer, {request.get_host()}, request.is_secure())
    return referer if ours else "/"
