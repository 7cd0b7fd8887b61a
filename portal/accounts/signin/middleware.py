import time
from datetime import timedelta
from functools import partial
from zoneinfo import ZoneInfo

from allauth.account.internal.flows.reauthentication import STATE_SESSION_KEY
from allauth.core.exceptions import ReauthenticationRequired
from auditlog.middleware import AuditlogMiddleware
from django.contrib import messages
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.utils import timezone

API = "/api/v1/"
ASKING = ("account_reauthenticate", "mfa_reauthenticate")  # the pages that ask for the password
WAITS_SINCE, LONGEST_WAIT = "reauthentication_waits_since", timedelta(minutes=15)


class SignInRequired(LoginRequiredMiddleware):
    """Nothing is public but what says so; the API answers 401 itself instead of redirecting."""

    def process_view(self, request, view_func, view_args, view_kwargs):
        if request.path_info.startswith(API):
            return None
        return super().process_view(request, view_func, view_args, view_kwargs)


class LocalTime:
    """Show times in the zone of whoever reads."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view_func, view_args, view_kwargs):
        if request.path_info.startswith(API) or not request.user.is_authenticated:
            timezone.deactivate()
        else:
            timezone.activate(ZoneInfo(request.user.zone))


class Resumed:
    """Lets what was typed wait while the portal asks for the password, whatever the address.

    The sign-in library goes on with it only where the address that it notes is a path alone; what
    stands behind the path waits with the rest. It waits for minutes, not for as long as the
    session, and whoever opens a page that asks has given up what they sent before.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view_func, view_args, view_kwargs):
        if request.resolver_match.view_name in ASKING and _waited_too_long(request.session):
            del request.session[STATE_SESSION_KEY]
            messages.info(request, "What you sent waited too long and was dropped. Send it again.")

    def process_exception(self, request, exception):
        if not isinstance(exception, ReauthenticationRequired):
            return
        if request.method == "POST":
            request.get_full_path = partial(str, request.path)
            request.session[WAITS_SINCE] = time.time()
        else:
            request.session.pop(STATE_SESSION_KEY, None)


def _waited_too_long(session) -> bool:
    """Whether a request waits in it that was sent too long ago to be meant now."""
    if "request" not in session.get(STATE_SESSION_KEY, ()):
        return False
    return time.time() - session.get(WAITS_SINCE, 0) > LONGEST_WAIT.total_seconds()


class Audited(AuditlogMiddleware):
    """Who and where from, for the audit trail; a header that anybody can send is not believed."""

    @staticmethod
    def _get_remote_addr(request):
        return request.META.get("REMOTE_ADDR") or None

    @staticmethod
    def _get_remote_port(request):
        return None
