"""The door to runbooks and versions: what this person may not see is not found."""

from django.shortcuts import get_object_or_404

from runbooks.models import Runbook, Version


def runbook_of(request, slug: str) -> Runbook:
    """The runbook at its present address. Raises Http404."""
    rows = Runbook.objects.visible(request.user).select_related("owner", "published")
    return get_object_or_404(rows, slug=slug)


def version_of(request, slug: str, number: int) -> Version:
    """One version with its runbook. Raises Http404."""
    rows = Version.objects.visible(request.user).select_related("runbook__published")
    return get_object_or_404(rows, runbook__slug=slug, number=number)
