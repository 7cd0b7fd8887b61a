"""The editor of the admin: the widget of django-markdownx with views of our own behind it.

Its own views would be public and render without a sanitiser, so its urls are not included;
ours answer under the names that a widget looks up. Its script is replaced by
`js/admin-editor.js`, because it cannot send the CSRF token of an HttpOnly cookie, asks for no
description of an image and catches the Tab key.
"""

from functools import wraps

from django.core.exceptions import PermissionDenied
from django.forms import Media
from django.forms.widgets import Script
from django.templatetags.static import static
from django.urls import reverse
from markdownx.widgets import AdminMarkdownxWidget

LATENCY = 400  # milliseconds without a key until the preview follows


class MarkdownEditor(AdminMarkdownxWidget):
    """A text area whose preview stands beside it.

    `preview` and `upload` name the addresses behind it; without `upload` it takes no images.
    With `whole_form` the preview is of all fields, not of the text alone.
    """

    def __init__(
        self, *, preview="markdownx_markdownify", upload="markdownx_upload", whole_form=False
    ):
        super().__init__()
        self.preview, self.upload, self.whole_form = preview, upload, whole_form

    @property
    def media(self):
        names = ("js/markdown-tools.js", "js/admin-editor.js")
        scripts = [Script(static(name), type="module") for name in names]
        return Media(css={"all": ["admin-editor.css", "markdown-tools.css"]}, js=scripts)

    def add_markdownx_attrs(self, attrs):
        attrs["class"] = f"{attrs.get('class', '')} markdownx-editor".strip()
        attrs["data-markdownx-urls-path"] = reverse(self.preview)
        if self.upload:
            attrs["data-markdownx-upload-urls-path"] = reverse(self.upload)
        if self.whole_form:
            attrs["data-whole-form"] = ""
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
