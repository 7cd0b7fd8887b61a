"""What machines ask all the time: answered before sessions, people and names of hosts."""

from django.urls import Resolver404, resolve

PROBES = ("/healthz", "/readyz")
SIGNALS = ("/ping/",)  # with or without a last slash
INTAKES = "/in/"
STATUS = "/status/public/"


class Probes:
    """Asks for no session, so that a probe with a cookie works without the database, too."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        path = request.path_info
        if path in PROBES:
            return resolve(path).func(request)
        if not path.startswith((*SIGNALS, INTAKES, STATUS)):
            return self.get_response(request)
        try:
            found = resolve(path.rstrip("/") if path.startswith(SIGNALS) else path)
        except Resolver404:
            return self.get_response(request)
        return found.func(request, *found.args, **found.kwargs)
