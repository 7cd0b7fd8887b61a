from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone


class Image(models.Model):
    """A picture in a runbook: always our own re-encoded file under a name we chose."""

    name = models.CharField(max_length=60, unique=True, editable=False)
    runbook = models.ForeignKey(
        "Runbook", null=True, blank=True, on_delete=models.CASCADE, related_name="images"
    )
    source_path = models.CharField(max_length=500, blank=True, db_index=True)
    alt = models.CharField("description", max_length=300, blank=True)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    content_type = models.CharField(max_length=40)
    sha256 = models.CharField(max_length=64)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="images"
    )
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-created_at"]

    def __str__(self):
        return self.alt or self.name

    def get_absolute_url(self):
        return reverse("runbooks:image", args=[self.name])
