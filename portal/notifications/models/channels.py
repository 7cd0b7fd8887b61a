"""Where a team, or everybody, hears of things together."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify

from portal.accounts.models import Team, User
from portal.core.data import clock
from portal.core.data.audit import record
from portal.core.data.signs import refuse_signs
from portal.core.data.versioned import Versioned
from portal.notifications.problems import NotSigned
from portal.notifications.transports import TRANSPORTS, Message, webhook

from .choices import ChannelKind, Urgency
from .targets import Target, TargetQuerySet

OVERLAP = timedelta(hours=24)  # for which a replaced secret goes on signing, if nobody says so
RESERVED = {"new"}  # addresses of pages beside those of channels
LONGEST_OVERLAP = timedelta(days=30)
SWITCHED_OFF = "The channel is switched off."
HIDDEN = ("hidden", "hidden")  # what the trail says of a secret
SEE_ALL = "notifications.view_channel"


TEST_SUBJECT = "Test message"
URGENCY_OF_TEST = Urgency.HIGH


def text_of_test(name: str) -> str:
    return f"Messages of the portal reach “{name}”. Somebody asked for this test: nothing to do.\n"


def masked(kind: str, address: str) -> str:
    """An address as people may see it; nothing of it where its transport is gone."""
    return TRANSPORTS[kind].masked(address) if kind in TRANSPORTS else ""


def tag_of(pk: int, revision: int) -> str:
    return f'"c{pk}-{revision}"'


class ChannelQuerySet(TargetQuerySet):
    def visible(self, user):
        """All for whoever may see all; for others those of their teams and those of everybody."""
        if user.has_perm(SEE_ALL):
            return self
        return self.filter(Q(team=None) | Q(pk__in=self.of_teams(user).order_by().values("pk")))

    def of_teams(self, user):
        """Those of the teams that this person is in."""
        return self.filter(team__in=Team.objects.of(user).order_by().values("pk"))

    def active(self):
        return self.filter(is_active=True)

    def concerned(
        self, teams: Iterable[Team | int | None], kinds: Iterable[str], urgency: str
    ) -> list["Channel"]:
        """The active channels of these teams, and of everybody, that take such a message."""
        keys, kinds = {getattr(team, "pk", team) for team in teams} - {None}, set(kinds)
        rows = self.active().filter(Q(team=None) | Q(team__in=keys)).order_by("pk")
        return [channel for channel in rows if channel.takes(kinds, urgency)]

    @transaction.atomic
    def add(self, *, by: User | None, address: str, **about: Any) -> tuple["Channel", str]:
        """Make a channel; returns it and the secret that signs, which is shown nowhere again.

        Only webhooks are signed: others have an empty one. Raises ValidationError.
        """
        channel: Any = self.model(created_by=by, address=address.strip(), **about)
        channel.slug = channel.slug or self._free_slug(channel.name)
        channel.secret = webhook.new_secret() if channel.is_signed else ""
        channel.full_clean()
        channel.save()
        record(channel, "create", by=by, to=("", channel.shown_address))
        return channel, channel.secret

    def _free_slug(self, name: str) -> str:
        slug = slugify(name)[:50].strip("-") or "channel"
        taken = {*RESERVED, *self.filter(slug__startswith=slug).values_list("slug", flat=True)}
        numbered = (f"{slug}-{number}" for number in range(2, len(taken) + 3))
        return slug if slug not in taken else next(each for each in numbered if each not in taken)


class Channel(Versioned, Target):
    """A place that messages to a team, or to everybody, go to."""

    slug = models.SlugField(unique=True, max_length=60)
    name = models.CharField(max_length=120)
    team = models.ForeignKey(
        Team,
        null=True,
        blank=True,
        on_delete=models.CASCADE,  # set to null, it would get what concerns everybody
        related_name="channels",
        help_text="Whose messages it gets; without one, those of everybody.",
    )
    kind = models.CharField(max_length=10, choices=ChannelKind)
    address = models.TextField(help_text="Its tokens are secrets: shown to nobody again.")
    secret = models.CharField(max_length=100, blank=True)
    old_secret = models.CharField(max_length=100, blank=True)
    old_secret_until = models.DateTimeField(null=True, blank=True)
    kinds = models.JSONField(default=list, blank=True, help_text="Of messages; empty: all.")
    least_urgency = models.CharField(max_length=10, choices=Urgency, default=Urgency.LOW)
    is_active = models.BooleanField(default=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="created_channels",
    )
    created_at = models.DateTimeField(default=timezone.now)
    revision = models.PositiveIntegerField(default=1)

    objects = ChannelQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("notifications:channel", args=[self.slug])

    @property
    def etag(self) -> str:
        return tag_of(self.pk, self.revision)

    @property
    def without_transport(self) -> bool:
        """Whether this portal cannot send by its kind any more."""
        return self.kind not in TRANSPORTS

    @property
    def is_signed(self) -> bool:
        return self.kind == ChannelKind.WEBHOOK

    @property
    def shown_address(self) -> str:
        """As people may see it."""
        return masked(self.kind, self.address)

    def clean(self):
        if self.slug in RESERVED:
            raise ValidationError({"slug": "The portal itself uses this address: choose another."})
        if self.kind not in TRANSPORTS:
            raise ValidationError({"kind": "The portal cannot send by this."})
        if not self._has_stored_address():
            self._check_address()
        refuse_signs(self)

    def _has_stored_address(self) -> bool:
        """Whether it was checked before: one that is refused by now can still be switched off."""
        return Channel.objects.filter(pk=self.pk, kind=self.kind, address=self.address).exists()

    def _check_address(self) -> None:
        try:
            TRANSPORTS[self.kind].validate(self.address)
        except ValidationError as error:
            raise ValidationError({"address": error.messages}) from error

    def takes(self, kinds: set[str], urgency: str) -> bool:
        """Whether it gets messages of one of these kinds that are so urgent."""
        is_urgent = self.least_urgency == Urgency.LOW or urgency == Urgency.HIGH
        return is_urgent and (not self.kinds or not kinds.isdisjoint(self.kinds))

    def secrets(self, at: datetime) -> tuple[str, ...]:
        """Those that sign now, the newest first."""
        is_old_valid = self.old_secret_until is not None and at < self.old_secret_until
        return tuple(filter(None, (self.secret, self.old_secret if is_old_valid else "")))

    def preview(self, at: datetime) -> str:
        """What it would get, as it would get it: the text of a test."""
        sample = Message(
            id=TRANSPORTS[self.kind].message_id("test", f"channel-{self.pk}"),
            key=f"channel-test-{self.pk}",
            kind="",
            subject=TEST_SUBJECT,
            text=text_of_test(self.name),
            urgency=URGENCY_OF_TEST,
            created_at=at,
            **self.reached_by(at),
        )
        return TRANSPORTS[self.kind].preview(sample)

    # As a target

    @property
    def unusable(self) -> str:
        return "" if self.is_active else SWITCHED_OFF

    def addressed(self) -> dict[str, Any]:
        return {"channel": self, "to": self.shown_address[:254], "transport": self.kind}

    def reached_by(self, at: datetime) -> dict[str, Any]:
        return {"to": self.address, "secrets": self.secrets(at)}

    # Verbs

    @transaction.atomic
    def change(self, *, by: User, based_on: int | None = None, **changes: Any) -> None:
        """Change what is given. A new address is tried at once.

        Raises Stale if somebody changed it since revision `based_on`, and ValidationError.
        """
        if self.stands(changes, based_on=based_on):
            return
        before = {name: str(getattr(self, name)) for name in changes}
        for name, value in changes.items():
            setattr(self, name, value)
        self.full_clean()
        anew = {"failures": 0, "failing_since": None, "rests_until": None}
        self.claim(based_on, **changes, **(anew if "address" in changes else {}))
        after = {name: (before[name], str(getattr(self, name))) for name in changes}
        record(self, "change", by=by, **after | ({"address": HIDDEN} if "address" in after else {}))

    @transaction.atomic
    def rotate(self, *, by: User, overlap: timedelta = OVERLAP, based_on: int | None = None) -> str:
        """Sign with a new secret, which is returned and shown nowhere again.

        The one before goes on signing beside it for as long as `overlap`. Raises NotSigned.
        """
        if not self.is_signed:
            raise NotSigned("Only webhooks are signed: this has no secret.")
        until = clock.now() + max(timedelta(), min(overlap, LONGEST_OVERLAP))
        secret, old = webhook.new_secret(), self.secret
        self.claim(based_on, secret=secret, old_secret=old, old_secret_until=until)
        self.secret, self.old_secret, self.old_secret_until = secret, old, until
        record(self, "rotate", by=by, secret=HIDDEN)
        return secret

    @transaction.atomic
    def remove(self, *, by: User) -> None:
        """Delete it with the messages to it; switch it off instead to keep these."""
        record(self, "delete", by=by)
        self.delete()
