"""Pictures: taken in re-encoded, given out to those who may see their runbook."""

from django.http import JsonResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from portal.core.media.pictures import given_out
from portal.core.media.uploads import UploadRefused, store_image
from portal.core.web.refusals import refused, verb
from runbooks.documents.forms import ImageForm
from runbooks.models import Image, Runbook
from runbooks.models.images import markdown_of


@require_safe
def image(request, name):
    """The file of a picture that this person may see."""
    return given_out(get_object_or_404(Image.objects.visible(request.user), name=name))


@verb("runbooks.add_image")
def upload(request):
    """Store a picture; answers with the Markdown that shows it, as JSON or as a page."""
    form = ImageForm(request.POST, request.FILES)
    if not form.is_valid():
        field, errors = next(iter(form.errors.items()))
        return _no(request, f"missing-{field}", errors[0])
    try:
        stored = store_image(request.FILES["image"], name=request.FILES["image"].name)
    except UploadRefused as refusal:
        return _no(request, refusal.code, refusal.detail)
    alt = form.cleaned_data["alt"]
    picture = Image.objects.keep(stored, by=request.user, runbook=_runbook(request), alt=alt)
    return _yes(request, picture)


def _runbook(request) -> Runbook | None:
    slug = request.POST.get("runbook", "")
    rows = Runbook.objects.visible(request.user)
    return get_object_or_404(rows, slug=slug) if slug else None


def _yes(request, picture: Image):
    markdown = markdown_of(picture.alt, picture.name)
    if not _wants_json(request):
        context = {"picture": picture, "markdown": markdown}
        return render(request, "runbooks/uploaded.html", context, status=201)
    size = {"width": picture.width, "height": picture.height}
    return JsonResponse(
        {"url": picture.get_absolute_url(), "markdown": markdown, **size}, status=201
    )


def _no(request, code: str, detail: str):
    if _wants_json(request):
        return JsonResponse({"code": code, "detail": detail}, status=400)
    return refused(request, 400, "The image is not stored", detail)


def _wants_json(request) -> bool:
    return "application/json" in request.headers.get("Accept", "")
