from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from portal.core.media.pictures import Picture, PictureQuerySet


def markdown_of(alt: str, name: str) -> str:
    """What shows the picture in a text."""
    escaped = alt.replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]")
    return f"![{escaped}]({reverse('image', args=[name])})"


class ImageQuerySet(PictureQuerySet):
    def visible(self, user):
        """Pictures of the runbooks and runs this person may see, and their own uploads."""
        runbooks = self.model.runbook.field.related_model.objects
        shown = Q(runbook__in=runbooks.visible(user)) | Q(uploaded_by=user)
        if user.has_perm("runbooks.view_image"):
            shown |= Q(runbook=None, entry=None)
        if user.has_perm("runbooks.view_run"):
            shown |= Q(entry__isnull=False)
        return self.filter(shown)

    def attach(self, runbook, *, text: str, by) -> None:
        """Give a new runbook the pictures that its author uploaded before it was saved."""
        waiting = self.filter(runbook=None, entry=None, source_path="", uploaded_by=by)
        names = [name for name in waiting.values_list("name", flat=True) if name in text]
        waiting.filter(name__in=names).update(runbook=runbook)


class Image(Picture):
    """A picture in a runbook or of a run: always our own re-encoded file under a name we chose."""

    FOLDER = "images"

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
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="images",
    )
    source_path = models.CharField(max_length=500, blank=True, db_index=True)

    objects = ImageQuerySet.as_manager()

    def get_absolute_url(self):
        return reverse("image", args=[self.name])
