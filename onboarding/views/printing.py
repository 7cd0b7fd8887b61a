"""A guide as a PDF, where the portal has a program that prints."""

from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from onboarding.models import Guide
from onboarding.printing import printed
from portal.core.refusals import refusals_shown


@require_safe
@permission_required("onboarding.view_guide", raise_exception=True)
@refusals_shown
def pdf(request, slug):
    guides = Guide.objects.visible(request.user).select_related("published")
    guide = get_object_or_404(guides, slug=slug)
    if guide.published is None:
        raise Http404
    version = guide.published
    response = HttpResponse(printed(version), content_type="application/pdf")
    name = f"{guide.slug}-v{version.number}.pdf"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
