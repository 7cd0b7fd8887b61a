"""Pictures and videos of guides, for those who may read guides."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from onboarding.guides.publishing import content_of
from onboarding.guides.views.access import guide_of, reading
from onboarding.models import Screenshot, Video
from portal.core.media.pictures import given_out, harmless
from portal.core.media.ranges import answered


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
def captions(request, slug, number, key):
    return _words(_film(request, slug, number, str(key)), "captions")


@require_safe
@reading
def chapters(request, slug, number, key):
    return _words(_film(request, slug, number, str(key)), "chapters")


def _film(request, slug: str, number: int, key: str) -> dict:
    """The film of a step as that version has it; 0 is what authors have now, and for them only."""
    guide = guide_of(request, slug)
    if not number and not request.user.has_perm("onboarding.change_guide"):
        raise Http404
    content = content_of(guide, number) or {"steps": []}
    films = (step["video"] for step in content["steps"] if step["key"] == key)
    return next(films, None) or {}


def _words(film: dict, what: str) -> HttpResponse:
    if not film.get(what):
        raise Http404
    response = HttpResponse(film[what], content_type="text/vtt; charset=utf-8")
    response = harmless(response, f"{what}.vtt")
    response.headers["Cache-Control"] = "private, no-cache"
    return response
