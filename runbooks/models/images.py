from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

FOLDER = "images"


class ImageQuerySet(models.QuerySet):
    def visible(self, user):
        """Pictures of the runbooks and runs this person may see, and their own uploads."""
        from .runbook import Runbook

        shown = Q(runbook__in=Runbook.objects.visible(user)) | Q(uploaded_by=user)
        if user.has_perm("runbooks.view_image"):
            shown |= Q(runbook=None, entry=None)
        if user.has_perm("runbooks.view_run"):
            shown |= Q(entry__isnull=False)
        return self.filter(shown)

    def keep(self, stored, *, alt: str, by, runbook=None, source_path: str = ""):
        """Keep a StoredImage. The file comes first and goes again if its row cannot be made."""
        path = default_storage.save(f"{FOLDER}/{stored.name}", ContentFile(stored.content))
        try:
            return self.create(
                name=stored.name,
                runbook=runbook,
                source_path=source_path,
                alt=alt,
                width=stored.width,
                height=stored.height,
                content_type=stored.content_type,
                sha256=stored.sha256,
                uploaded_by=by,
            )
        except Exception:
            default_storage.delete(path)
            raise

    def attach(self, runbook, *, text: str, by) -> None:
        """Give a new runbook the pictures that its author uploaded before it was saved."""
        waiting = self.filter(runbook=None, entry=None, source_path="", uploaded_by=by)
        names = [name for name in waiting.values_list("name", flat=True) if name in text]
        waiting.filter(name__in=names).update(runbook=runbook)


class Image(models.Model):
    """A picture in a runbook or of a run: always our own re-encoded file under a name we chose."""

    name = models.CharField(max_length=60, unique=True, editable=False)
    runbook = models.ForeignKey(
        "Runbook",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="images",
    )
    entry = models.ForeignKey(
        "Entry",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="images",
        help_text="The line of a run's log that it is the evidence of.",
    )
    source_path = models.CharField(max_length=500, blank=True, db_index=True)
    alt = models.CharField("description", max_length=300, blank=True)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    content_type = models.CharField(max_length=40)
    sha256 = models.CharField(max_length=64)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="images",
    )
    created_at = models.DateTimeField(default=timezone.now)

    objects = ImageQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]

    def __str__(self):
        return self.alt or self.name

    def get_absolute_url(self):
        return reverse("image", args=[self.name])

    @property
    def path(self) -> str:
        """Where the default storage has its file."""
        return f"{FOLDER}/{self.name}"

    def open(self):
        """The file, for reading. Raises FileNotFoundError if it is gone."""
        return default_storage.open(self.path)
