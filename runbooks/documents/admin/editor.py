"""What stands behind the editor of runbooks: the preview of a text, and images for it."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, render
from django.urls import path
from django.views.decorators.http import require_POST

from portal.core.web.editor import MarkdownEditor, for_staff
from runbooks.documents.forms import PreviewForm
from runbooks.documents.preview import previewed
from runbooks.documents.views import images
from runbooks.models import Runbook

__all__ = ["MarkdownEditor", "urlpatterns"]

MAY_PREVIEW = ("runbooks.change_runbook", "runbooks.change_template")


@for_staff
@require_POST
def preview(request):
    """The text as the page will show it, with its steps and findings: a piece of HTML."""
    if not any(map(request.user.has_perm, MAY_PREVIEW)):
        raise PermissionDenied
    form = PreviewForm({"text": request.POST.get("content"), "kind": request.POST.get("kind")})
    if not form.is_valid():
        refused = {"refusal": "The text holds a NUL character, or the kind is unknown."}
        return render(request, "admin/runbooks/_preview.html", {"preview": refused}, status=400)
    slug = request.POST.get("runbook", "")
    runbook = get_object_or_404(Runbook, slug=slug) if slug else None
    shown = previewed(form.cleaned_data["text"], runbook=runbook, kind=form.cleaned_data["kind"])
    context = {"preview": shown}
    return render(request, "admin/runbooks/_preview.html", context, status=shown.status)


urlpatterns = [
    path("preview/", preview, name="markdownx_markdownify"),
    path("images/", for_staff(images.upload), name="markdownx_upload"),
]
