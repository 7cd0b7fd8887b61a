"""Pictures and videos of guides, for those who may read guides."""

from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from onboarding.models import Screenshot, Video
from portal.core.pictures import given_out, harmless
from portal.core.ranges import answered

reading = permission_required("onboarding.view_guide", raise_exception=True)


@require_safe
@reading
def picture(request, name):
    return given_out(get_object_or_404(Screenshot.objects.visible(request.user), name=name))


@require_safe
@reading
def video(request, name):
    """The file of a video, or the part of it that a player asks for."""
    row = get_object_or_404(Video.objects.visible(request.user), name=name)
    try:
        file = row.open()
    except FileNotFoundError as error:
        raise Http404 from error
    about = {"size": row.size, "etag": row.etag, "content_type": row.content_type}
    return harmless(answered(request, file, **about), row.name)


@require_safe
@reading
def captions(request, pk):
    return _words(request, pk, "captions")


@require_safe
@reading
def chapters(request, pk):
    return _words(request, pk, "chapters")


def _words(request, pk: int, what: str) -> HttpResponse:
    text = getattr(get_object_or_404(Video.objects.visible(request.user), pk=pk), what)
    if not text:
        raise Http404
    response = HttpResponse(text, content_type="text/vtt; charset=utf-8")
    response = harmless(response, f"{what}.vtt")
    response.headers["Cache-Control"] = "private, no-cache"
    return response
