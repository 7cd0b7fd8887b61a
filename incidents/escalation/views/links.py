"""Acknowledging by the link in a message, without signing in."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from incidents.escalation import acknowledgement
from portal.core.data import clock

PAGE = "incidents/escalation/link.html"


@login_not_required
@csrf_exempt  # the address itself is the secret; programs that show mail keep no cookies
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def acknowledge(request, key: str):
    """A page with one button, and what the button does; opening it changes nothing."""
    at, is_sent = clock.now(), request.method == "POST"
    try:
        link = (acknowledgement.acknowledge if is_sent else acknowledgement.opened)(key, at)
    except acknowledgement.Unusable as problem:
        context: dict[str, Any] = {
            "title": problem.title,
            "detail": problem.detail,
            "incident": problem.incident,
        }
        return render(request, PAGE, context, status=problem.status)
    context = {"link": link, "incident": link.incident, "taken": link.is_taken and link.taken}
    return render(request, PAGE, context)
