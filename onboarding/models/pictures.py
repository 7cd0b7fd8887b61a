from django.conf import settings
from django.db import models
from django.urls import reverse

from portal.core.pictures import Picture, PictureQuerySet


class ScreenshotQuerySet(PictureQuerySet):
    def visible(self, user):
        """Whoever may read guides sees all: what left a guide may still stand in a version."""
        return self if user.has_perm("onboarding.view_guide") else self.none()


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
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="screenshots",
    )

    objects = ScreenshotQuerySet.as_manager()

    def get_absolute_url(self):
        return reverse("onboarding:picture", args=[self.name])
