"""Until the pages of readers are merged: the address of a guide leads to its preview."""

from django.contrib.auth.decorators import permission_required
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_safe

from onboarding.models import Guide


@require_safe
@permission_required("onboarding.change_guide", raise_exception=True)
def guide(request, slug):
    return redirect("admin:onboarding_guide_preview", get_object_or_404(Guide, slug=slug).pk)
