import hashlib
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q, Value
from django.db.models.functions import Cast, Concat
from django.urls import reverse
from django.utils import timezone

from onboarding.problems import WrongState
from onboarding.videos.media_types import examined, validate_address
from onboarding.videos.webvtt import validate_vtt
from portal.core.data.audit import record
from portal.core.markdown import render
from portal.core.media import files

from .pictures import Screenshot
from .versions import GuideVersion


class VideoQuerySet(models.QuerySet):
    def visible(self, user):
        """Readers see what a published version shows, be it an old one; authors see all."""
        if user.has_perm("onboarding.change_guide"):
            return self
        if not user.has_perm("onboarding.view_guide"):
            return self.none()
        versions = GuideVersion.objects.filter(guide=OuterRef("guide"))
        key, text = Cast(OuterRef("pk"), models.TextField()), models.TextField()
        key = Concat(Value('"pk": '), key, Value(","), output_field=text)
        return self.filter(Exists(versions.with_words(key)))

    def keep(self, file, *, guide, by, **about):
        """Keep a video file. The file comes first and goes again if its row cannot be made.

        `about`: title, captions, chapters, transcript, poster. Raises UploadRefused,
        ValidationError.
        """
        row: Any = self.model(guide=guide, uploaded_by=by, size=file.size, **about)
        kind = examined(file, file.size)
        row.name = f"{uuid4().hex}.{kind.extension}"
        row.content_type = kind.content_type
        row.sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        file.seek(0)
        row.full_clean(exclude=["uploaded_by"])
        with files.kept(row.path, file):
            row.save()
        record(guide, "add video", by=by, video=("", row.title))
        return row

    def link(self, address: str, *, guide, by, **about):
        """Know a video at an address of an allowed host. Raises ValidationError."""
        row: Any = self.model(guide=guide, uploaded_by=by, address=address, **about)
        row.full_clean(exclude=["uploaded_by"])
        row.save()
        record(guide, "add video", by=by, video=("", row.title))
        return row


class Video(models.Model):
    """A film of a step, kept here or at an address of an allowed host, with words for it."""

    FOLDER = "videos"

    guide = models.ForeignKey("Guide", on_delete=models.CASCADE, related_name="videos")
    title = models.CharField(max_length=200)
    name = models.CharField(max_length=60, blank=True, editable=False)  # of the file kept here
    address = models.URLField(max_length=500, blank=True, validators=[validate_address])
    content_type = models.CharField(max_length=40, blank=True, editable=False)
    size = models.PositiveBigIntegerField(default=0, editable=False)  # bytes
    sha256 = models.CharField(max_length=64, blank=True, editable=False)
    captions = models.TextField(
        blank=True, validators=[validate_vtt], help_text="WebVTT: what is said, with its times."
    )
    chapters = models.TextField(
        blank=True, validators=[validate_vtt], help_text="WebVTT: titles of the parts."
    )
    transcript = models.TextField(blank=True, help_text="The whole as text, in Markdown.")
    poster = models.ForeignKey(
        Screenshot, null=True, blank=True, on_delete=models.SET_NULL, related_name="poster_of"
    )
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="videos"
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = VideoQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(name="", address__gt="") | Q(name__gt="", address=""),
                name="video_here_or_elsewhere",
            ),
            models.UniqueConstraint(
                fields=["name"], condition=Q(name__gt=""), name="video_name_once"
            ),
        ]

    def __str__(self):
        return self.title

    @property
    def source(self) -> str:
        """Where a page plays it from."""
        return reverse("onboarding:video", args=[self.name]) if self.name else self.address

    @property
    def path(self) -> str:
        return f"{self.FOLDER}/{self.name}"

    def open(self):
        """The file, for reading. Raises FileNotFoundError if it is gone."""
        return default_storage.open(self.path)

    @transaction.atomic
    def describe(self, *, by, **fields) -> None:
        """Change its title, its words, its poster: a change of the guide whose steps show it.

        Versions that were published keep what they said.
        Raises ValidationError, MarkdownError.
        """
        changed = [name for name, value in fields.items() if getattr(self, name) != value]
        for name in changed:
            setattr(self, name, fields[name])
        render(self.transcript)
        self.full_clean(exclude=["address", "uploaded_by"])
        if not changed:
            return
        if self.steps.exists():
            self.guide.claim(None)
        self.save(update_fields=changed)
        record(self.guide, "describe video", by=by, video=("", self.title))

    @property
    def is_used(self) -> bool:
        """Whether a step or a published version shows it."""
        if self.steps.exists():
            return True
        contents = self.guide.versions.values_list("content", flat=True)
        return any(self.pk in films_in(content) for content in contents.iterator())

    @transaction.atomic
    def discard(self, *, by) -> None:
        """Delete its row and its file. Raises WrongState while somebody may still see it."""
        type(self.guide).objects.select_for_update().get(pk=self.guide_id)  # no step takes it now
        if self.is_used:
            raise WrongState(
                "A step or a published version shows this film: take it out of its steps first. "
                "What was published keeps it."
            )
        path, title = self.path if self.name else "", self.title
        self.delete()
        record(self.guide, "discard video", by=by, video=(title, ""))
        if path:
            transaction.on_commit(lambda: default_storage.delete(path))

    @staticmethod
    def tag_of(sha256: str) -> str:
        return f'"{sha256[:32]}"'

    @property
    def etag(self) -> str:
        return self.tag_of(self.sha256)


def films_in(content: dict) -> set[int]:
    """The keys of the films that a frozen version shows."""
    return {step["video"].get("pk") for step in content["steps"] if step["video"]}
