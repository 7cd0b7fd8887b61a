"""The guide that an address names, for those who may see it."""

from django.contrib.auth.decorators import permission_required
from django.shortcuts import get_object_or_404

from onboarding.models import Guide, Progress
from portal.core.problems import Refused

reading = permission_required("onboarding.view_guide", raise_exception=True)


def guide_of(request, slug: str) -> Guide:
    rows = Guide.objects.visible(request.user).select_related("owner", "published")
    # the content of a version is large: whoever follows another one does not need it
    return get_object_or_404(rows.defer("published__content"), slug=slug)


def progress_of(request, slug: str) -> Progress:
    """One's own progress. Raises Refused before it was begun."""
    guide = guide_of(request, slug)
    rows = Progress.objects.of(request.user).select_related("version")
    progress = rows.filter(guide=guide).first()
    if progress is None:
        raise Refused("You have not started this guide: start it first.")
    progress.guide = guide
    return progress
