"""What authors send to be read as runbooks."""

import re
from pathlib import Path

from django import forms

from portal.accounts.models import Team
from portal.core.markdown.files import ENDINGS
from portal.core.media.archives import ARCHIVE
from portal.core.web.pickers import RowField

FORMS = (ARCHIVE, *ENDINGS)
SINGLE = "uploads"  # the collection of files that are sent one by one
COPY = re.compile(r"\s*\(\d+\)$")  # what browsers append to a download of the same name


class ImportForm(forms.Form):
    """One file, and how to read it."""

    file = forms.FileField(
        label="File",
        help_text=f"A {ARCHIVE} with a folder of Markdown files and their pictures, "
        f"or one file ({' or '.join(ENDINGS)}).",
        error_messages={"required": "Choose a file."},
        widget=forms.FileInput(attrs={"accept": ",".join(FORMS)}),
    )
    name = forms.CharField(
        label="Name of the collection",
        required=False,
        max_length=100,
        help_text="Files that are sent again under the same name become new versions of the same "
        "runbooks. Left empty, it is the name of the folder.",
    )
    owner = RowField(
        Team.objects.all,
        noun="team",
        label="Owner",
        required=False,
        help_text="The team of runbooks that name none. Begin to type its name, then choose.",
    )

    def collection(self, folder: str) -> str:
        """The name of the collection: as it was typed, or of the one folder in the archive."""
        sent = Path(self.cleaned_data["file"].name)
        usual = COPY.sub("", sent.stem) if sent.suffix.lower() == ARCHIVE else SINGLE
        return self.cleaned_data["name"] or folder or usual
