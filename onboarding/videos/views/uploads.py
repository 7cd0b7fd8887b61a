"""Adding a video to a guide. Who asks is known before anything that is sent is stored."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods

from onboarding.models import Guide, Video
from onboarding.videos.forms import VideoForm
from onboarding.videos.upload import VideoReceiver, tidy
from portal.core.markdown import MarkdownError
from portal.core.media.uploads import UploadRefused
from portal.core.web.refusals import refusals_shown, verb


@csrf_exempt  # asked below, once it is known where the upload goes
@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("onboarding.add_video", raise_exception=True)
def add(request, slug):
    guide = get_object_or_404(Guide.objects.visible(request.user), slug=slug)
    request.receiver = VideoReceiver(request)
    request.upload_handlers = [request.receiver]
    return _add(request, guide)


@csrf_protect
@refusals_shown
def _add(request, guide):
    form = VideoForm(request.POST or None, request.FILES or None, guide=guide)
    if request.method != "POST":
        return _page(request, guide, form)
    if refusal := request.receiver.refusal:
        form.refuse_file(refusal.detail)
    if not form.is_valid():
        return _page(request, guide, form, status=getattr(refusal, "status", 400))
    try:
        video = _kept(form, guide, request.user)
    except (UploadRefused, ValidationError, MarkdownError) as refusal:
        form.add_error(*_told(refusal))
        return _page(request, guide, form, status=400)
    messages.success(request, f"“{video}” uploaded.")
    return redirect("onboarding:video-new", guide.slug)


@transaction.atomic
def _kept(form, guide, by):
    tidy()
    given, about = form.cleaned_data, {"guide": guide, "by": by, **form.about}
    if given["file"]:
        video = Video.objects.keep(given["file"], **about)
    else:
        video = Video.objects.link(given["address"], **about)
    if given["step"]:
        given["step"].edit(by=by, video=video)
    return video


def _told(refusal) -> tuple[str | None, str | list]:
    """The field that a refusal is about, and what it says."""
    if isinstance(refusal, UploadRefused):
        return "file", refusal.detail
    if isinstance(refusal, MarkdownError):
        return "transcript", str(refusal)
    return None, refusal.messages


@verb("onboarding.delete_video")
def discard(request, slug, pk):
    """Delete a film that nobody sees."""
    guide = get_object_or_404(Guide.objects.visible(request.user), slug=slug)
    video = get_object_or_404(guide.videos, pk=pk)
    video.discard(by=request.user)
    messages.success(request, f"“{video}” removed.")
    return redirect("onboarding:video-new", guide.slug)


def _page(request, guide, form, *, status: int = 200):
    videos = guide.videos.prefetch_related("steps")
    context = {"guide": guide, "form": form, "videos": videos}
    return render(request, "onboarding/video_new.html", context, status=status)
