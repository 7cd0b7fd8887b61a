from django.conf import settings
from django.core.files.storage import default_storage
from django.db import models, transaction
from django.db.models import Exists, OuterRef
from django.urls import reverse

from onboarding.pictures.blurs import validate_blurs
from portal.core.media.pictures import Picture, PictureQuerySet

from .versions import GuideVersion


class ScreenshotQuerySet(PictureQuerySet):
    def visible(self, user):
        """Readers see what a published version shows, be it an old one; authors see all."""
        if user.has_perm("onboarding.change_guide"):
            return self
        if not user.has_perm("onboarding.view_guide"):
            return self.none()
        versions = GuideVersion.objects.filter(guide=OuterRef("guide"))
        return self.filter(Exists(versions.with_words(OuterRef("name"))))


class Screenshot(Picture):
    """A picture of a page at one moment; a newer one names it as the one before."""

    FOLDER = "guides"

    guide = models.ForeignKey("Guide", on_delete=models.CASCADE, related_name="screenshots")
    taken_from = models.CharField(max_length=500, blank=True)  # the address it shows
    taken_at = models.DateTimeField(null=True)
    previous = models.ForeignKey(
        "self", null=True, on_delete=models.SET_NULL, related_name="retaken_as"
    )
    changed = models.FloatField(null=True)  # the part of the pixels that differ from `previous`
    difference = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="+")
    # What was made unreadable in it, so that it is done again when the picture is retaken:
    # `{"box", "selector"}` as callouts have them.
    blurred = models.JSONField(
        default=list, blank=True, editable=False, validators=[validate_blurs]
    )
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="screenshots",
    )

    objects = ScreenshotQuerySet.as_manager()

    def get_absolute_url(self):
        return reverse("onboarding:picture", args=[self.name])

    @property
    def is_used(self) -> bool:
        """Whether a step, a video or a published version shows it."""
        rows = self.guide.versions.values_list("content", flat=True)
        frozen = any(self.name in names_in(content) for content in rows.iterator())
        return frozen or self.steps.exists() or self.poster_of.exists()

    def describe(self, alt: str) -> None:
        """Say what it shows; versions that were published keep what they said."""
        if self.alt != alt:
            self.alt = alt
            self.save(update_fields=["alt"])

    def discard(self) -> bool:
        """Delete its row and its file, and what led to it, unless somebody may still see it."""
        if self.is_used:
            return False
        before = [picture for picture in (self.previous, self.difference) if picture]
        path = self.path
        self.delete()
        transaction.on_commit(lambda: default_storage.delete(path))
        for picture in before:
            picture.discard()
        return True


def names_in(content: dict) -> set[str]:
    """The names of the pictures that a frozen version shows."""
    steps = content["steps"]
    shots = {step["shot"]["name"] for step in steps if step["shot"]}
    return shots | {step["video"]["poster"] for step in steps if step["video"]}
