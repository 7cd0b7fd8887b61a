from django.conf import settings
from django.db import models
from django.urls import reverse

from portal.core.media.pictures import Picture, PictureQuerySet

from .entries import Entry


class EvidencePicture(Picture):
    """A picture in the timeline of an incident; whoever may see the incident may see it."""

    FOLDER = "incident-pictures"

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="pictures")
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = PictureQuerySet.as_manager()

    class Meta(Picture.Meta):
        default_permissions = ()

    def get_absolute_url(self):
        return reverse("incidents:picture", args=[self.entry.incident_id, self.name])
