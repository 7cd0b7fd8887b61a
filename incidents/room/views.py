"""The room of one incident."""

from django.contrib.auth.decorators import permission_required
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from incidents.models import Incident

may_read = permission_required("incidents.view_incident", raise_exception=True)


@require_safe
@may_read
def incident(request, number: int):
    """What goes on, and all that was done."""
    row = get_object_or_404(Incident.objects.visible(request.user), pk=number)
    context = {"incident": row, "entries": row.entries.newest_first()}
    return render(request, "incidents/incident.html", context)
