"""How a heartbeat stands, for a README or a wall: public, by a key that opens nothing else."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from portal.core.data import clock
from portal.monitoring.heartbeats.badge import drawn
from portal.monitoring.models import Heartbeat

HEADERS = {"Access-Control-Allow-Origin": "*", "Cache-Control": "no-cache"}


@login_not_required
@require_safe
def picture(request, key):
    """As SVG, in two words: the name and the state."""
    name, state = _standing(key)
    return HttpResponse(drawn(name, state), content_type="image/svg+xml", headers=HEADERS)


@login_not_required
@require_safe
def facts(request, key):
    """As JSON."""
    name, state = _standing(key)
    return JsonResponse({"name": name, "status": state}, headers=HEADERS)


def _standing(key) -> tuple[str, str]:
    rows = Heartbeat.objects.filter(badge_key=key).standing(clock.now())
    found = rows.values_list("name", "state").first()
    if found is None:
        raise Http404
    return found
