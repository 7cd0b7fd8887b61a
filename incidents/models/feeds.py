"""Addresses of calendars: of one person's shifts, or of a rotation, each a key of its own."""

from datetime import datetime
from secrets import token_urlsafe
from typing import Any

from django.conf import settings
from django.core import signing
from django.db import models, transaction
from django.db.models import Q
from django.utils.crypto import constant_time_compare, salted_hmac

from portal.core.data.audit import record

SALT = "incidents.oncall.feed"
LONGEST_KEY = 300
READ = "incidents.view_rotation"


class FeedQuerySet(models.QuerySet):
    model: "type[Feed]"  # type: ignore[assignment]

    def opened_by(self, key: str) -> "Feed | None":
        """The feed of a key, if it was not revoked and its person may still read."""
        if len(key) > LONGEST_KEY:
            return None
        try:
            pk, mark = signing.Signer(salt=SALT).unsign_object(key)
        except (signing.BadSignature, ValueError):
            return None
        feed: Any = self.select_related("person", "rotation").filter(pk=pk).first()
        if feed is None or not constant_time_compare(mark, feed.whole_mark):
            return None
        person = feed.person
        return feed if person.is_active and person.has_perm(READ) else None

    @transaction.atomic
    def open(self, person, rotation=None, *, at: datetime) -> "Feed":
        """The feed of this person, with a new address if there was one; the old one ends."""
        about = {"mark": token_urlsafe(16), "created_at": at}
        made = self.update_or_create(person=person, rotation=rotation, defaults=about)
        feed: Any = made[0]
        record(feed, "start" if made[1] else "renew", by=person)
        return feed


class Feed(models.Model):
    """One calendar address; whoever has it reads what it is of, until it is revoked."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="on_call_feeds"
    )
    rotation = models.ForeignKey(
        "incidents.Rotation",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="feeds",
        help_text="Empty: the shifts of the person.",
    )
    mark = models.CharField(max_length=22, editable=False)  # what the key is made of, with others
    created_at = models.DateTimeField()

    objects = FeedQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["person", "rotation"], name="feed_of_rotation_once"),
            models.UniqueConstraint(
                fields=["person"], condition=Q(rotation=None), name="feed_of_person_once"
            ),
        ]

    def __str__(self):
        return f"Calendar of {self.rotation or self.person}"

    @property
    def whole_mark(self) -> str:
        """Made of the mark and the person's password, so it ends with either, and tells neither."""
        made_of = f"{self.person.get_session_auth_hash()}{self.mark}"
        return salted_hmac(SALT, made_of, algorithm="sha256").hexdigest()

    @property
    def key(self) -> str:
        """Stored nowhere: made of the portal's own key and the mark."""
        return signing.Signer(salt=SALT).sign_object([self.pk, self.whole_mark])

    @transaction.atomic
    def revoke(self, *, by) -> None:
        """The address opens nothing any more."""
        record(self, "delete", by=by)
        self.delete()
