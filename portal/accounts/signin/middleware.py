from functools import partial
from zoneinfo import ZoneInfo

from allauth.core.exceptions import ReauthenticationRequired
from auditlog.middleware import AuditlogMiddleware
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.utils import timezone

API = "/api/v1/"


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
    stands behind the path waits with the rest.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        if isinstance(exception, ReauthenticationRequired) and request.method == "POST":
            request.get_full_path = partial(str, request.path)


class Audited(AuditlogMiddleware):
    """Who and where from, for the audit trail; a header that anybody can send is not believed."""

    @staticmethod
    def _get_remote_addr(request):
        return request.META.get("REMOTE_ADDR") or None

    @staticmethod
    def _get_remote_port(request):
        return None
