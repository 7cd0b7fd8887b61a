import secrets
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone

from portal.accounts.models import Team
from portal.core.data.audit import record

KEY_BYTES = 16  # 22 letters, as those of healthchecks


def new_key() -> str:
    return secrets.token_urlsafe(KEY_BYTES)


class PingKeyQuerySet(models.QuerySet):
    @transaction.atomic
    def issue(self, name: str, *, owner: Team | None, by) -> Any:
        key = self.create(name=name, owner=owner, created_by=by)
        record(key, "start", by=by)
        return key


class PingKey(models.Model):
    """A key that opens `/ping/<key>/<slug>`: of all heartbeats of a team, or of all there are."""

    key = models.CharField(max_length=43, unique=True, default=new_key, editable=False)
    name = models.CharField(max_length=80, help_text="Who uses it, such as “web servers”.")
    owner = models.ForeignKey(
        Team, null=True, blank=True, on_delete=models.CASCADE, related_name="ping_keys"
    )
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = PingKeyQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]

    def __str__(self):
        return self.name

    @transaction.atomic
    def revoke(self, *, by) -> None:
        """From now on it opens nothing."""
        record(self, "delete", by=by)
        self.delete()
