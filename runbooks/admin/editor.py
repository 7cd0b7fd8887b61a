"""The editor of the admin: the widget of django-markdownx with views of our own behind it.

Its own views would be public and render without a sanitiser, so its urls are not included;
ours answer under the names that it looks up. Its script is replaced by `js/admin-editor.js`,
because it cannot send the CSRF token of an HttpOnly cookie, asks for no description of an image
and catches the Tab key.
"""

from functools import wraps

from django.core.exceptions import PermissionDenied
from django.forms import Media
from django.forms.widgets import Script
from django.shortcuts import get_object_or_404, render
from django.templatetags.static import static
from django.urls import path, reverse
from django.views.decorators.http import require_POST
from markdownx.widgets import AdminMarkdownxWidget

from runbooks.forms import PreviewForm
from runbooks.models import Runbook
from runbooks.previewing import previewed
from runbooks.views import images

LATENCY = 400  # milliseconds without a key until the preview follows
MAY_PREVIEW = ("runbooks.change_runbook", "runbooks.change_template")


class MarkdownEditor(AdminMarkdownxWidget):
    """A text area whose preview stands beside it."""

    @property
    def media(self):
        script = Script(static("js/admin-editor.js"), type="module")
        return Media(css={"all": ["admin-editor.css"]}, js=[script])

    @staticmethod
    def add_markdownx_attrs(attrs):
        attrs["class"] = f"{attrs.get('class', '')} markdownx-editor".strip()
        attrs["data-markdownx-urls-path"] = reverse("markdownx_markdownify")
        attrs["data-markdownx-upload-urls-path"] = reverse("markdownx_upload")
        attrs["data-markdownx-latency"] = LATENCY
        attrs["spellcheck"] = "true"
        return attrs


def for_staff(view):
    """Refuse whoever may not enter the admin; the view itself asks for its permission."""

    @wraps(view)
    def checked(request, *args, **kwargs):
        if not request.user.is_staff:
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return checked


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
