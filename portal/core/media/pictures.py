"""Pictures and other files of rows: under names made here, given out by a view, never executed."""

from typing import Any, ClassVar

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import models
from django.http import FileResponse, Http404
from django.utils import timezone

from portal.core.media import files

ALONE = "default-src 'none'; sandbox"
FOR_A_YEAR = "private, max-age=31536000, immutable"


class PictureQuerySet(models.QuerySet):
    def keep(self, stored, *, alt: str, by, **more):
        """Keep a StoredImage. The file comes first and goes again if its row cannot be made."""
        model: Any = self.model
        with files.kept(model.path_of(stored.name), ContentFile(stored.content)):
            return self.create(
                name=stored.name,
                alt=alt,
                width=stored.width,
                height=stored.height,
                content_type=stored.content_type,
                sha256=stored.sha256,
                uploaded_by=by,
                **more,
            )


class Picture(models.Model):
    """A picture: always our own re-encoded file under a name we chose.

    Concrete classes add `uploaded_by` and the FOLDER of the default storage.
    """

    FOLDER: ClassVar[str]

    name = models.CharField(max_length=60, unique=True, editable=False)
    alt = models.CharField("description", max_length=300, blank=True)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    content_type = models.CharField(max_length=40)
    sha256 = models.CharField(max_length=64)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        abstract = True
        ordering: ClassVar[list[str]] = ["-created_at"]

    def __str__(self):
        return self.alt or self.name

    @classmethod
    def path_of(cls, name: str) -> str:
        return f"{cls.FOLDER}/{name}"

    @staticmethod
    def tag_of(sha256: str) -> str:
        """The entity tag of the file; it never changes under its name."""
        return f'"{sha256[:32]}"'

    @property
    def etag(self) -> str:
        return self.tag_of(self.sha256)

    @property
    def path(self) -> str:
        """Where the default storage has its file."""
        return self.path_of(self.name)

    def open(self):
        """The file, for reading. Raises FileNotFoundError if it is gone."""
        return default_storage.open(self.path)


def given_out(row: Any) -> FileResponse:
    """The file of a row; opened by itself it can do nothing. Raises Http404 if it is gone."""
    try:
        file = row.open()
    except FileNotFoundError as error:
        raise Http404 from error
    response = FileResponse(file, content_type=row.content_type, filename=row.name)
    response.headers["ETag"] = row.etag
    return harmless(response, row.name)


def harmless(response, name: str):
    """The answer with the headers of a file that never changes and must not act."""
    response.headers["Cache-Control"] = FOR_A_YEAR
    response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    response.headers["Content-Security-Policy"] = ALONE
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
