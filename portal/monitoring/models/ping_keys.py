import secrets
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.urls import reverse
from django.utils import timezone

from portal.accounts.models import Team
from portal.core.data.audit import record
from portal.core.data.signs import refuse_signs

KEY_BYTES = 16  # 22 letters, as those of healthchecks
HINT = 4  # letters, by which people tell keys apart
ISSUE = "monitoring.add_pingkey"


def new_key() -> str:
    return secrets.token_urlsafe(KEY_BYTES)


def hint_of(key: str) -> str:
    """How it begins: it opens nothing."""
    return f"{key[:HINT]}…"


class PingKeyQuerySet(models.QuerySet):
    def visible(self, user):
        """Who has which; the keys themselves are shown as `shown_to` says."""
        return self if user.has_perm("monitoring.view_pingkey") else self.none()

    def shown_to(self, user):
        """Those that this person may read: all, for who issues them; else those of their teams."""
        if user.has_perm(ISSUE):
            return self.visible(user)
        return self.visible(user).filter(owner__in=Team.objects.of(user).order_by().values("pk"))

    @transaction.atomic
    def issue(self, name: str, *, owner: Team | None, by) -> Any:
        """A new key. Raises ValidationError."""
        key = self.model(name=name.strip(), owner=owner, created_by=by)
        key.clean_fields(exclude=["created_by"])
        refuse_signs(key)
        key.save(force_insert=True)
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

    def get_absolute_url(self):
        return reverse("monitoring:ping-keys")

    @property
    def hint(self) -> str:
        return hint_of(self.key)

    @transaction.atomic
    def revoke(self, *, by) -> None:
        """From now on it opens nothing."""
        record(self, "delete", by=by)
        self.delete()
