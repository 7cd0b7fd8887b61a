"""Finding deliveries, queueing them, and forgetting their texts."""

from collections.abc import Container, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q

from portal.accounts.models import User
from portal.core.data import clock
from portal.core.data.claims import LONGEST_PAUSE, ClaimableQuerySet
from portal.notifications.problems import TooManyCodes
from portal.notifications.transports.message import one_line

from .attempts import Attempt
from .channels import TEST_SUBJECT, URGENCY_OF_TEST, Channel, text_of_test
from .choices import ENDED, DeliveryState, Urgency
from .contact_methods import CODE, CODE_PLACE, FAREWELL, TEST, VALID, ContactMethod
from .routes import addressed, routed
from .targets import TARGETS, Target

LONGEST_SUBJECT = 200
TEST_TEXT = "{} reaches you. You asked for this message; there is nothing to do.\n"
CODE_SUBJECT = "Your code for {}"
CODE_TEXT = (
    "{} is the code that shows that this reaches you. Type it in the portal within {} minutes.\n"
    "If you did not ask for it, somebody else named your address: tell your operators.\n"
)
MOST_CODES = 6  # an hour, for one person
MOST_CODES_TO = 4  # an hour, to one address, whoever asks
OUTWAITED = timedelta(hours=9)  # what MOST_ATTEMPTS take with the pauses of `pause_after`
FAILED_LONGER = 4  # times as long as what was sent: somebody has to see it


class DeliveryQuerySet(ClaimableQuerySet):
    def of(self, user):
        """What was written to this person."""
        return self.filter(recipient=user)

    def visible(self, user):
        """All for whoever may see all; for others their own and those of their teams' channels."""
        if user.has_perm("notifications.view_delivery"):
            return self
        return self.filter(Q(recipient=user) | Q(channel__in=Channel.objects.of_teams(user)))

    def of_event(self, *keys: str):
        """What was queued under these keys."""
        return self.filter(key__in=keys)

    def among(self, *transports: str):
        """Those that go by one of these transports; all if none is named."""
        return self.filter(transport__in=transports) if transports else self

    def ended(self):
        """Sent, given up or expired."""
        return self.filter(state__in=ENDED)

    def given_up(self, since: datetime):
        """Those that nobody took, for as long as somebody might still act on them."""
        failed = self.filter(state=DeliveryState.FAILED, due_at__gte=since)
        return failed.exclude(to="").exclude(text="")

    def queues(self, at: datetime, soon: datetime) -> list:
        """What is urgent first; nothing to a target that a worker talks to, or that just failed."""
        waiting, rows = self.waiting(at), self._all_rows()
        for name in TARGETS:
            held = rows.filter(**{f"{name}__isnull": False}, **self.model.HELD)
            waiting = waiting.exclude(**{f"{name}__in": held.order_by().values(name)})
            resting = self._model_of(name).objects.resting(at, soon).order_by().values("pk")
            waiting = waiting.exclude(**{f"{name}__in": resting})
        return [waiting.filter(urgency=urgency) for urgency in Urgency.values]

    def outwaited(self, target: Target, at: datetime):
        """What has waited for a target as long as a message is tried that is alone."""
        before = at - OUTWAITED
        tried = Q(attempts__gt=0, created_at__lte=before)
        untried = Q(attempts=0, due_at__lte=before)
        name = next(name for name in TARGETS if isinstance(target, self._model_of(name)))
        return self.filter(tried | untried, **{name: target.pk}, **self.model.WAITS)

    def _all_rows(self) -> Any:
        return self.model._default_manager.all()

    def _model_of(self, name: str) -> Any:
        return self.model._meta.get_field(name).related_model

    def mailed(self):
        """To addresses in profiles, and done with; not what people read on their page only."""
        done = self.filter(state__in=(DeliveryState.SENT, DeliveryState.FAILED), transport="mail")
        return done.filter(recipient__isnull=False, contact_method=None).exclude(to="")

    def mail_error(self, user) -> str:
        """Why the newest mail to the address of this person failed; empty if it did not."""
        rows = self.mailed().filter(recipient=user, to=user.email).order_by("-created_at", "-pk")
        newest = rows.values_list("state", "last_error").first()
        return newest[1] if newest and newest[0] == DeliveryState.FAILED else ""

    def stale(self, before: datetime, at: datetime):
        """Written before and still on their way, but for what an engine is sending right now."""
        soon = at + LONGEST_PAUSE  # those that pause after a failure, too
        on_their_way = self.waiting(soon) | self.abandoned(at)
        return on_their_way.filter(created_at__lt=before)

    def outlived(self, at: datetime, kept: timedelta):
        """Ended longer ago than texts are kept; what was given up is kept longer."""
        before = at - kept
        told = (
            Q(state=DeliveryState.SENT, due_at__lt=before, sent_at__lt=before)
            | Q(state=DeliveryState.EXPIRED, due_at__lt=before)
            | Q(state=DeliveryState.FAILED, due_at__lt=at - FAILED_LONGER * kept)
        )
        return self.filter(~Q(text=""), told)

    def forget(self, at: datetime, kept: timedelta, most: int) -> int:
        """Empty the texts of so many that have outlived it, with their attempts; how many.

        The rows stay: they are how `post` knows that an event was told already.
        """
        found = list(self.outlived(at, kept).order_by("pk").values_list("pk", flat=True)[:most])
        with transaction.atomic():
            emptied = self.outlived(at, kept).filter(pk__in=found).update(text="")
            Attempt.objects.filter(delivery__in=found, delivery__text="").delete()
        return emptied

    def farewells(self):
        """To methods that were removed, and on their way."""
        return self.filter(kind=FAREWELL, state__in=(DeliveryState.WAITING, DeliveryState.SENDING))

    def post(
        self,
        *,
        key: str,
        to: Iterable[str | User | Target],
        subject: str,
        text: str,
        at: datetime | None = None,
        quiet: Container[int] = (),
        urgency: str = Urgency.LOW,
        kind: str = "",
    ) -> models.QuerySet:
        """Queue a message in the caller's transaction; returns what is queued under this key.

        The same key for the same target is queued once, ever. `to` names people, addresses of
        nobody here, channels and contact methods; people without an address get a row that says
        so, and one for each method that such a message goes to. `at`: when to send it, now if not
        given, at most `FARTHEST` ahead. `quiet`: the keys of people who read it on their page only.
        `urgency`: what is high is sent first. `kind`: the name of a Kind, for programs that receive
        it. Raises ValidationError for what is no address.
        """
        now = clock.now()
        about = {
            "key": key,
            "subject": one_line(subject)[:LONGEST_SUBJECT],
            "text": text.replace("\x00", ""),
            "urgency": urgency,
            "kind": kind,
            "created_at": now,
            "due_at": at or now,
        }
        targets = routed(to, quiet=quiet, kind=kind, urgency=urgency, at=at or now)
        rows: Any = [self.model(**about | target) for target in targets]
        self.bulk_create(rows, ignore_conflicts=True)
        return self.filter(key=key)

    def post_each(
        self, texts: Mapping[str, str], *, key: str, subject: str, kind: str = ""
    ) -> None:
        """Queue a message to addresses of nobody here, to each its own text, as `post` does."""
        now = clock.now()
        about = {"key": key, "subject": one_line(subject)[:LONGEST_SUBJECT], "kind": kind}
        each: Any = self.model
        rows: Any = [
            each(to=to, text=text, created_at=now, due_at=now, **about)
            for to, text in texts.items()
        ]
        self.bulk_create(rows, ignore_conflicts=True, batch_size=500)

    def post_test(self, to: User | ContactMethod, *, at: datetime) -> bool:
        """Queue a message that only shows whether mail, or this method, reaches the person.

        False: so did one this minute.
        """
        if isinstance(to, ContactMethod):
            to.end_rest()
            key, text = f"test-method-{to.pk}-{at:%Y%m%d%H%M}", TEST_TEXT.format("This")
        else:
            key, text = f"test-{to.pk}-{at:%Y%m%d%H%M}", TEST_TEXT.format("Mail of the portal")
        return self.post_alone(to, key, at, kind=TEST, subject=TEST_SUBJECT, text=text)

    @transaction.atomic
    def post_code(self, to: ContactMethod, *, at: datetime) -> bool:
        """Queue a new code for the method; False: so did one this minute.

        Raises AlreadyVerified, and TooManyCodes above MOST_CODES in an hour for one person, or
        above MOST_CODES_TO to one address.
        """
        place = f"code-{to.place}-"
        key = f"{place}{to.pk}-{at:%Y%m%d%H%M}"
        if self.filter(key=key).exists():
            return False
        newest = self.filter(kind=CODE, created_at__gt=at - timedelta(hours=1))
        for rows, most in (
            (newest.of(to.person), MOST_CODES),
            (newest.filter(key__startswith=place), MOST_CODES_TO),
        ):
            if rows.count() >= most:
                raise TooManyCodes(f"{most} codes were sent within an hour. Try again later.")
        to.renew_code(at)
        to.end_rest()
        subject = CODE_SUBJECT.format(settings.SITE_NAME)
        text = CODE_TEXT.format(CODE_PLACE, VALID.seconds // 60)
        return self.post_alone(to, key, at, kind=CODE, subject=subject, text=text)

    def post_alone(self, to: User | ContactMethod, key: str, at: datetime, **about: Any) -> bool:
        """Queue it for this target only, wherever else the person is reached; False: it was."""
        if self.filter(key=key).exists():
            return False
        times = {"created_at": at, "due_at": at}
        columns = {"key": key, "urgency": Urgency.HIGH, **about, **times, **addressed(to)}
        rows: Any = [self.model(**columns)]
        self.bulk_create(rows, ignore_conflicts=True)
        return True

    def post_channel_test(self, channel: Channel, *, at: datetime) -> Any:
        """Queue a test message and return it; the same one again within the same minute."""
        key = f"channel-test-{channel.pk}-{at:%Y%m%d%H%M}"
        about: dict[str, Any] = {"subject": TEST_SUBJECT, "text": text_of_test(channel.name)}
        channel.end_rest()
        return self.post(key=key, to=[channel], urgency=URGENCY_OF_TEST, **about).get()
