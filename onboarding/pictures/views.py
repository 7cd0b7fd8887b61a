"""Pictures that were taken again: as they were, as they are, and what differs."""

from django.contrib.auth.decorators import permission_required
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from onboarding.models import Guide


@require_safe
@permission_required("onboarding.change_guide", raise_exception=True)
def compare(request, slug):
    guide = get_object_or_404(Guide.objects.visible(request.user), slug=slug)
    steps = guide.steps.select_related("screenshot__previous", "screenshot__difference")
    context = {"guide": guide, "steps": steps}
    return render(request, "onboarding/pictures.html", context)
