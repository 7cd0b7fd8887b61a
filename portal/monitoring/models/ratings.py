from django.conf import settings
from django.db import models

from .alerts import Alert


class Rating(models.Model):
    """Whether one person found an alert useful, or noise; their last word counts."""

    alert = models.ForeignKey(Alert, on_delete=models.CASCADE, related_name="ratings")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="alert_ratings"
    )
    is_useful = models.BooleanField()
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["alert", "person"], name="rating_once_per_person")
        ]

    def __str__(self):
        return f"{self.alert}: {self.word}"

    @property
    def word(self) -> str:
        return "useful" if self.is_useful else "noise"
