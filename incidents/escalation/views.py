"""Escalation policies as people see them."""

from django.contrib.auth.decorators import permission_required
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from incidents.models import EscalationPolicy

may_read = permission_required("incidents.view_escalationpolicy", raise_exception=True)


@require_safe
@may_read
def policy(request, slug: str):
    """Its steps, and whom they call."""
    row = get_object_or_404(EscalationPolicy.objects.visible(request.user), slug=slug)
    return render(request, "incidents/policy.html", {"policy": row})
