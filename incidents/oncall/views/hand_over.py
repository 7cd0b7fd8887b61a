"""What the one who takes over has to know."""

from datetime import timedelta

from django.contrib.auth.decorators import permission_required
from django.shortcuts import render
from django.views.decorators.http import require_safe

from incidents.models import Rotation
from incidents.oncall.overview import lines
from incidents.oncall.shifts import FARTHEST
from incidents.oncall.summary import Period, since_of, summary
from portal.core.data import clock

from .rotations import rotation_of

may_read = permission_required("incidents.view_rotation", raise_exception=True)


@require_safe
@may_read
def hand_over(request, slug):
    """Since the shift before this one began, up to now."""
    found, at = rotation_of(request, slug), clock.now()
    rows = Rotation.objects.filter(pk=found.pk)
    plan = rows.plans(at - FARTHEST - timedelta(days=14), at + FARTHEST)[found.pk]
    since = since_of(plan, at)
    (line,) = lines(rows, at)
    sections = summary(Period(found, since, at, request.user))
    context = {"rotation": found, "line": line, "since": since, "sections": sections}
    return render(request, "oncall/hand_over.html", context)
