"""A guide as a PDF, where the portal has a program that prints."""

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from onboarding.guides.page import GuidePage
from onboarding.guides.pdf import printed
from portal.core.web.refusals import refusals_shown

from .access import guide_of, reading


@require_safe
@reading
@refusals_shown
def pdf(request, slug):
    """The version that the pages of the guide show this person."""
    page = GuidePage(guide_of(request, slug), user=request.user, on=timezone.localdate())
    if page.version is None:
        raise Http404
    response = HttpResponse(printed(page.version), content_type="application/pdf")
    name = f"{page.guide.slug}-v{page.version.number}.pdf"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
