"""Pictures and videos of guides, for those who may read guides."""

from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from onboarding.models import Screenshot, Video
from portal.core.pictures import given_out

reading = permission_required("onboarding.view_guide", raise_exception=True)


@require_safe
@reading
def picture(request, name):
    return given_out(get_object_or_404(Screenshot.objects.visible(request.user), name=name))


@require_safe
@reading
def video(request, name):
    return given_out(get_object_or_404(Video.objects.visible(request.user), name=name))


@require_safe
@reading
def captions(request, pk):
    return _webvtt(get_object_or_404(Video.objects.visible(request.user), pk=pk).captions)


@require_safe
@reading
def chapters(request, pk):
    return _webvtt(get_object_or_404(Video.objects.visible(request.user), pk=pk).chapters)


def _webvtt(text: str) -> HttpResponse:
    if not text:
        raise Http404
    return HttpResponse(text, content_type="text/vtt; charset=utf-8")
