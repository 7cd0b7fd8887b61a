from typing import Any

from django.conf import settings
from django.db import models


class Watchable(models.Model):
    """Something whose changes people may ask to be told of. Its app says what the changes are."""

    watchers: Any = models.ManyToManyField(
        settings.AUTH_USER_MODEL,
        blank=True,
        editable=False,
        related_name="watched_%(class)ss",
    )

    class Meta:
        abstract = True

    def watch(self, *, by) -> None:
        """Tell this person of changes from now on; twice is once."""
        self.watchers.add(by)

    def unwatch(self, *, by) -> None:
        self.watchers.remove(by)

    def is_watched_by(self, user) -> bool:
        return self.watchers.filter(pk=user.pk).exists()
