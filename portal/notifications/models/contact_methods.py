"""How a person is reached, beside the address in the profile."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from secrets import token_urlsafe
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Max, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from portal.accounts.models import User
from portal.core.data.among import PreparedAmong
from portal.core.data.audit import record
from portal.core.data.queries import Columns
from portal.core.data.signs import refuse_signs
from portal.core.data.versioned import Versioned
from portal.core.problems import Refused
from portal.notifications.problems import AlreadyVerified, CodeOver, WrongCode
from portal.notifications.transports import TRANSPORTS

from .choices import ContactKind, Urgency
from .quiet_hours import QuietHours
from .targets import Target, TargetQuerySet

CODE, TEST = "contact-code", "contact-test"  # kinds of messages that only its owner asks for
FAREWELL = "contact-removed"  # the last one, to a method that was removed
CODE_PLACE = "······"  # stands in the stored text where the sent one has the code
DIGITS = 6
VALID = timedelta(minutes=15)
MOST_TRIES = 5
MOST_METHODS = 10
FAILING = 3  # attempts in a row, after which it is told
FAREWELL_WITHIN = timedelta(hours=1)  # in which a removed one is told so; then its address is gone

REMOVED = "This contact method was removed."
NOT_VERIFIED = "The person has not shown yet that this reaches them."
CODE_OVER = "The code has expired, or was used: nobody needs it any more."


def tag_of(pk: int, revision: int) -> str:
    return f'"m{pk}-{revision}"'


class ContactMethodQuerySet(TargetQuerySet):
    def of(self, user):
        """Those of this person, the first that is tried first."""
        return self.filter(person=user, removed_at=None).order_by("position", "pk")

    def verified(self):
        return self.filter(removed_at=None, verified_at__isnull=False)

    def working(self):
        """Verified, and not failing for some time."""
        return self.verified().filter(failures__lt=FAILING)

    def of_people(self, people: Iterable[User]) -> dict[int, list["ContactMethod"]]:
        """By the key of each person, what may be sent to, in order, with their quiet hours."""
        listed = self.listed_of(people).items()
        found = {key: [each for each in methods if each.is_verified] for key, methods in listed}
        return {key: methods for key, methods in found.items() if methods}

    def listed_of(self, people: Iterable[User]) -> dict[int, list["ContactMethod"]]:
        """The same with those that are not verified yet."""
        known = {each.pk: each for each in people}
        found: dict[int, list[ContactMethod]] = {}
        for row in _LISTED(known):
            method, hours = Columns.split(_LISTED_PARTS, row)
            method.person = known[method.person_id]
            _HOURS.set_cached_value(method.person, hours)
            found.setdefault(method.person_id, []).append(method)
        return found

    def forget_removed(self, at: datetime, *, but: models.QuerySet) -> int:
        """Empty the addresses of those that were removed and told, or waited too long; how many.

        `but`: the keys of those to which that is on its way.
        """
        leaving = self.filter(forget_at__isnull=False)
        gone = leaving.filter(Q(forget_at__lte=at) | ~Q(pk__in=but))
        return gone.update(address="", forget_at=None)

    @transaction.atomic
    def add(self, person: User, *, address: str, **about: Any) -> "ContactMethod":
        """Keep a new one at the end of the list; it gets a code, and nothing else until then.

        Raises ValidationError for what is no address, is there already or is one too many.
        """
        mine = self.of(person)
        last = mine.aggregate(last=Max("position"))["last"]
        about |= {"address": address.strip(), "position": (last or 0) + 1}
        method: Any = self.model(person=person, **about)
        method.full_clean(exclude=["person", "shown"])
        if mine.count() >= MOST_METHODS:
            raise ValidationError(f"You have {MOST_METHODS} already: remove one first.")
        if mine.filter(kind=method.kind, address=method.address).exists():
            raise ValidationError({"address": "This is in your list already."})
        method.shown = TRANSPORTS[method.kind].masked(method.address)[:254]
        method.save()
        record(method, "create", by=person, to=("", method.shown))
        return method


class ContactMethod(Versioned, Target):
    """An address or a service that reaches one person."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="contact_methods"
    )
    kind = models.CharField(max_length=10, choices=ContactKind)
    label = models.CharField(max_length=60, blank=True)
    address = models.TextField(blank=True, help_text="A secret; forgotten when it is removed.")
    shown = models.CharField(max_length=254, help_text="The address as people may see it.")
    position = models.PositiveSmallIntegerField()
    least_urgency = models.CharField(max_length=10, choices=Urgency, default=Urgency.HIGH)
    verified_at = models.DateTimeField(null=True, blank=True)
    code_salt = models.CharField(max_length=32, blank=True)
    code_until = models.DateTimeField(null=True, blank=True)
    code_tries = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now)
    removed_at = models.DateTimeField(null=True, blank=True, help_text="Its messages stay.")
    forget_at = models.DateTimeField(
        null=True, blank=True, help_text="When the address of a removed one is gone at the latest."
    )
    revision = models.PositiveIntegerField(default=1, db_default=1)

    objects = ContactMethodQuerySet.as_manager()

    class Meta:
        ordering = ["person", "position", "pk"]
        default_permissions = ("view",)  # for operators, without the address
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=ContactKind.values), name="contact_method_known_kind"
            ),
            models.CheckConstraint(
                condition=Q(least_urgency__in=Urgency.values), name="contact_method_known_urgency"
            ),
            models.CheckConstraint(
                condition=Q(removed_at__isnull=True, forget_at__isnull=True)
                | Q(removed_at__isnull=False, forget_at__isnull=False)
                | Q(removed_at__isnull=False, address=""),
                name="contact_method_forgotten_when_removed",
            ),
        ]

    def __str__(self):
        return self.label or self.shown

    def get_absolute_url(self):
        return reverse("notifications:contact-method", args=[self.pk])

    @property
    def etag(self) -> str:
        return tag_of(self.pk, self.revision)

    @property
    def is_verified(self) -> bool:
        return self.verified_at is not None

    @property
    def is_failing(self) -> bool:
        return self.failures >= FAILING

    @property
    def takes_all(self) -> bool:
        """Whether it wants what is not urgent, too."""
        return self.least_urgency == Urgency.LOW

    def clean(self):
        refuse_signs(self)
        try:
            TRANSPORTS[self.kind].validate(self.address)
        except KeyError:
            return  # of an unknown kind, which is an error of that field
        except ValidationError as error:
            raise ValidationError({"address": error.messages}) from error
        if (
            self.kind == ContactKind.MAIL
            and self.address.casefold() == self.person.email.casefold()
        ):
            raise ValidationError({"address": "This is the address in your profile: it is used."})

    # As a target

    @property
    def unusable(self) -> str:
        if self.removed_at is not None:
            return REMOVED
        return "" if self.is_verified else NOT_VERIFIED

    def unusable_for(self, kind: str, at: datetime) -> str:
        if kind == CODE and self.removed_at is None:
            return "" if self.has_code(at) else CODE_OVER
        if kind == FAREWELL:
            return "" if self.address else REMOVED
        return self.unusable

    def waits_until(self, kind: str, urgency: str, at: datetime) -> datetime | None:
        """Mail disturbs nobody, and what its owner asked for is expected."""
        if self.kind == ContactKind.MAIL or kind in (CODE, TEST, FAREWELL):
            return None
        hours: QuietHours | None = getattr(self.person, "quiet_hours", None)
        return hours.hold_back(urgency, at) if hours else None

    def worded(self, kind: str, text: str) -> str:
        return text.replace(CODE_PLACE, self._code()) if kind == CODE else text

    def addressed(self) -> dict[str, Any]:
        about = {"contact_method": self, "recipient": self.person}
        return {**about, "to": self.shown, "transport": self.kind}

    def reached_by(self, at: datetime) -> dict[str, Any]:
        return {"to": self.address}

    # The code

    @property
    def place(self) -> str:
        """The same for all methods with this address, and nothing that it could be found by."""
        made = salted_hmac(
            "portal.contact-place", f"{self.kind}:{self.address.casefold()}", algorithm="sha256"
        )
        return made.hexdigest()[:32]

    def has_code(self, at: datetime) -> bool:
        """Whether a code waits to be typed."""
        is_open = self.code_until is not None and at < self.code_until
        return is_open and self.code_tries < MOST_TRIES

    def _code(self) -> str:
        """Made of what is stored and the secret key: the database alone does not tell it."""
        made = salted_hmac("portal.contact-code", f"{self.pk}:{self.code_salt}", algorithm="sha256")
        return f"{int.from_bytes(made.digest()[:8]) % 10**DIGITS:0{DIGITS}}"

    def renew_code(self, at: datetime) -> None:
        """Make another code; the one before is void. Raises AlreadyVerified."""
        if self.is_verified:
            raise AlreadyVerified("It is verified already: there is nothing to confirm.")
        about = {"code_salt": token_urlsafe(16), "code_until": at + VALID, "code_tries": 0}
        self._rows().update(**about)
        self.refresh_from_db(fields=[*about])
        record(self, "send_code", by=self.person)

    def check_code(self, code: str, *, at: datetime) -> None:
        """Raises AlreadyVerified, CodeOver and WrongCode unless it is the code that was sent.

        Each call counts as a try, which has to stay counted when the code is wrong.
        """
        if self.is_verified:
            raise AlreadyVerified("It is verified already: there is nothing to confirm.")
        mine = self._rows().filter(code_salt=self.code_salt, code_until__gt=at, removed_at=None)
        if not mine.filter(code_tries__lt=MOST_TRIES).update(code_tries=F("code_tries") + 1):
            raise CodeOver("The code has expired, or was tried too often. Send a new one.")
        self.refresh_from_db(fields=["code_tries"])
        if not constant_time_compare("".join(code.split()), self._code()):
            left = MOST_TRIES - self.code_tries
            raise WrongCode(
                "That is not the code. " + ("Try again." if left > 0 else "Send a new one.")
            )

    @transaction.atomic
    def verify(self, *, at: datetime) -> bool:
        """Believe that it reaches the person, whose code was checked; False if it changed since."""
        done = {"verified_at": at, "code_salt": "", "code_until": None, "code_tries": 0}
        mine = self._rows().filter(code_salt=self.code_salt, verified_at=None, removed_at=None)
        if not mine.update(**done):
            return False
        self.refresh_from_db(fields=[*done])
        record(self, "verify", by=self.person, verified=("no", "yes"))
        return True

    # Verbs

    @transaction.atomic
    def change(self, *, based_on: int | None = None, **changes: Any) -> bool:
        """Change label or urgency; False if nothing differs.

        The address cannot be changed: another one is another method. Raises ValidationError, and
        Stale if it was changed since revision `based_on`.
        """
        if self.stands(changes, based_on=based_on):
            return False
        noted = {n: (getattr(self, n), to) for n, to in changes.items() if getattr(self, n) != to}
        for name, value in changes.items():
            setattr(self, name, value)
        self.clean_fields(exclude=["address", "shown"])
        refuse_signs(self, only=("label",))
        self.claim(based_on, **changes)
        record(self, "change", by=self.person, **noted)
        return True

    @transaction.atomic
    def move(self, steps: int) -> bool:
        """Earlier (below zero) or later in the order, as far as there are others; False: nowhere"""
        mine = list(ContactMethod.objects.of(self.person))
        here = mine.index(self)
        there = max(0, min(len(mine) - 1, here + steps))
        mine.insert(there, mine.pop(here))
        for position, method in enumerate(mine, start=1):
            if method.position != position:
                method.claim(None, position=position)
        if here == there:
            return False
        self.refresh_from_db(fields=["position", "revision"])
        record(self, "move", by=self.person, position=(here + 1, there + 1))
        return True

    @transaction.atomic
    def remove(self, *, at: datetime) -> None:
        """Send nothing to it any more and forget its address; what was sent stays on record.

        One that was verified keeps its address until it is told, FAREWELL_WITHIN at most.
        """
        gone = {"removed_at": at, "code_salt": "", "code_until": None}
        last = {"forget_at": at + FAREWELL_WITHIN} if self.is_verified else {"address": ""}
        if not self._rows().filter(removed_at=None).update(**gone, **last):
            raise Refused("It was removed already.")
        self.refresh_from_db(fields=[*gone, *last])
        record(self, "delete", by=self.person, to=(self.shown, ""))


def _listed(keys: list[int]) -> models.QuerySet:
    """Read for each message: what is not removed, in order, with the quiet hours of the person."""
    rows = ContactMethod.objects.filter(removed_at=None, person__in=keys)
    return rows.order_by("position", "pk").values_list(*Columns.paths_of(_LISTED_PARTS))


_HOURS: Any = QuietHours._meta.get_field("person").remote_field
_LISTED_PARTS = [Columns(ContactMethod), Columns(QuietHours, "person__quiet_hours")]
_LISTED = PreparedAmong(_listed)
