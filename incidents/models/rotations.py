"""Rotations: who is on call when, and what people may do about it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.urls import reverse

from incidents.oncall.problems import NotTheirs, RotationArchived, ShiftsChanged
from incidents.oncall.shifts import shifts
from portal.accounts.models import Team, User
from portal.accounts.models.users import validate_time_zone
from portal.architecture.models import Service
from portal.core.data.audit import record
from portal.core.data.signs import refuse_signs
from portal.core.data.versioned import Versioned
from portal.core.problems import Refused
from portal.search import index

from .candidates import ON_CALL, require_able
from .holidays import validate_place
from .overrides import CHANGE, Override
from .rotation_queries import RotationQuerySet
from .specifications import LayerSpec, said_of, specified, write_layers
from .swaps import Swap

LONGEST = timedelta(days=92)  # of an override or swap
FARTHEST = timedelta(days=366)  # ahead that one begins
RESERVED = ("new", "new-feed", "revoke-feed")  # addresses below /oncall/


class Rotations(models.Manager.from_queryset(RotationQuerySet)):  # type: ignore[misc]
    """Makes rotations, and answers the questions of RotationQuerySet."""

    @transaction.atomic
    def make(
        self,
        *,
        by,
        at: datetime,
        layers: Sequence[LayerSpec] = (),
        services: Iterable[Service] = (),
        **fields: Any,
    ) -> "Rotation":
        """Create one: slug, name, description, owner, time_zone, is_always, holidays_….

        Raises ValidationError or Refused.
        """
        row = self.model(created_at=at, changed_at=at, **fields)
        row.full_clean()
        row.save()
        row.services.set(services)
        write_layers(row, layers)
        record(row, "start", by=by)
        index.put(row)
        return row


class Rotation(Versioned):
    """Who is called for some services: people who take turns, with overrides and swaps."""

    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=80)
    description = models.CharField(max_length=300, blank=True)
    owner = models.ForeignKey(
        Team, null=True, blank=True, on_delete=models.SET_NULL, related_name="rotations"
    )
    services = models.ManyToManyField(Service, blank=True, related_name="rotations")
    time_zone = models.CharField(max_length=64, default="UTC", validators=[validate_time_zone])
    is_always = models.BooleanField(
        default=True, help_text="Somebody has to be on call at any hour, not only in its own hours."
    )
    holidays_country = models.CharField(max_length=2, blank=True)
    holidays_subdivision = models.CharField(max_length=20, blank=True)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField(help_text="Overrides and swaps change it, too.")
    archived_at = models.DateTimeField(null=True, blank=True)
    told_until = models.DateTimeField(
        null=True, editable=False, help_text="Shifts that began before were told."
    )
    revision = models.PositiveIntegerField(default=0, db_default=0)

    objects = Rotations()

    class Meta:
        ordering = ["name", "pk"]
        default_permissions = ("add", "change", "view")  # archived, never deleted

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("oncall:rotation", args=[self.slug])

    @property
    def etag(self) -> str:
        return tag_of(self.pk, self.revision)

    def clean(self):
        refuse_signs(self)
        if self.slug in RESERVED:
            raise ValidationError({"slug": f"“{self.slug}” has another meaning in addresses."})
        validate_place(self.holidays_country, self.holidays_subdivision)

    # Verbs

    @transaction.atomic
    def change(
        self, changes: Mapping[str, Any], *, by, at: datetime, based_on: int | None = None
    ) -> bool:
        """Change what `make` takes, but the slug; `layers` and `services` as a whole.

        False if nothing differs. Raises RotationArchived, Stale, ValidationError or Refused.
        """
        changes = dict(changes)
        if self._stands_so(changes, based_on):
            return False
        layers, services = changes.pop("layers", None), changes.pop("services", None)
        self.claim(based_on, yours=changes, changed_at=at)
        self.refresh_from_db()
        self.require_current()
        noted = {n: (getattr(self, n), to) for n, to in changes.items() if getattr(self, n) != to}
        for name, value in changes.items():
            setattr(self, name, value)
        self.full_clean(exclude=["slug"])
        self.save(update_fields=[*changes])
        if services is not None:
            self.services.set(services)
        if layers is not None:
            noted["layers"] = (said_of(specified(self)), said_of(layers))
            write_layers(self, layers)
        record(self, "change", by=by, **noted)
        index.put(self)
        return True

    def _stands_so(self, changes: Mapping[str, Any], based_on: int | None) -> bool:
        plain = {n: to for n, to in changes.items() if n not in ("layers", "services")}
        if self.archived_at or not self.stands(plain, based_on=based_on):
            return False
        services = changes.get("services")
        is_same = services is None or {*services} == {*self.services.all()}
        layers = changes.get("layers")
        return is_same and (layers is None or [*layers] == specified(self))

    @transaction.atomic
    def archive(self, *, by, at: datetime) -> None:
        """Nobody is on call in it any more; what it said stays. Raises RotationArchived."""
        self.claim(None, changed_at=at)
        self.require_current()
        self._note_archived(at, "archive", by)

    @transaction.atomic
    def unarchive(self, *, by, at: datetime) -> None:
        self.claim(None, changed_at=at)
        if self.archived_at is None:
            raise Refused("It is not archived.")
        self._note_archived(None, "unarchive", by)

    def _note_archived(self, to: datetime | None, verb: str, by) -> None:
        self.archived_at = to
        self.save(update_fields=["archived_at"])
        record(self, verb, by=by)
        index.put(self)

    def require_current(self) -> None:
        self.refresh_from_db(fields=["archived_at"])
        if self.archived_at:
            raise RotationArchived("It is archived: unarchive it first.")

    def touch(self, at: datetime) -> None:
        """Note that who is on call changed, without a new revision of the layers."""
        Rotation.objects.filter(pk=self.pk).update(changed_at=at)

    @transaction.atomic
    def override(
        self,
        person: User | None,
        starts_at: datetime,
        ends_at: datetime,
        *,
        by,
        at: datetime,
        reason: str = "",
    ) -> Override:
        """Put this person on call in that time, or on purpose nobody.

        People may take shifts themselves; who may change rotations puts in anybody. Raises
        NotTheirs, RotationArchived, Refused or ValidationError.
        """
        starts_at = max(starts_at, at)
        self.require_override(person, starts_at, ends_at, by=by, at=at)
        row = Override(rotation=self, person=person, starts_at=starts_at, ends_at=ends_at)
        row.reason, row.made_by, row.made_at = reason.strip(), by, at
        row.full_clean()
        row.save()
        self.touch(at)
        record(row, "start", by=by)
        return row

    def require_override(self, person: User | None, starts_at, ends_at, *, by, at) -> None:
        """Raise what `override` refuses, before anything is looked up for that time."""
        if not by.has_perm(CHANGE) and (person != by or not by.has_perm(ON_CALL)):
            raise NotTheirs("You may put yourself on call; for others, ask who changes rotations.")
        self.require_current()
        _require_times(starts_at, ends_at, at)
        if person is not None:
            require_able([person], "/person")

    @transaction.atomic
    def propose_swap(
        self,
        asked: User,
        given: tuple[datetime, datetime],
        *,
        by,
        at: datetime,
        back: tuple[datetime, datetime] | None = None,
        message: str = "",
    ) -> Swap:
        """Ask somebody to take a shift of one's own, and offer to take one of theirs.

        Raises NotTheirs, RotationArchived, ShiftsChanged, Refused or ValidationError.
        """
        if not by.has_perm("incidents.add_swap"):
            raise NotTheirs("Your role may not swap shifts.")
        self.require_current()
        if asked == by:
            raise Refused("Ask somebody else.", pointer="/asked")
        require_able([asked], "/asked")
        self._require_swap(by, given, at, "/starts_at")
        if back:
            self._require_swap(asked, back, at, "/back_starts_at")
        row = Swap(rotation=self, asker=by, asked=asked, message=message.strip(), made_at=at)
        row.starts_at, row.ends_at = given
        row.back_starts_at, row.back_ends_at = back or (None, None)
        row.full_clean()
        row.save()
        record(row, "start", by=by)
        return row

    def _require_swap(self, person, times, at: datetime, pointer: str) -> None:
        if times[0] <= at:
            raise Refused(
                "A shift that is under way is handed over by an override.", pointer=pointer
            )
        _require_times(times[0], times[1], at, pointer)
        self.require_shifts(person, *times, pointer=pointer)

    def require_shifts(self, person, since: datetime, until: datetime, **more: Any) -> None:
        """Raise ShiftsChanged unless this person is on call all the time between."""
        plan = Rotation.objects.filter(pk=self.pk).plans(since, until)[self.pk]
        if {each.person for each in shifts(plan, since, until)} != {person.pk}:
            raise ShiftsChanged(f"{person} is not on call all of that time in {self}.", **more)


def _require_times(starts_at, ends_at, at: datetime, pointer: str = "/starts_at") -> None:
    last = pointer.replace("starts", "ends")
    if ends_at <= starts_at:
        raise Refused("It has to end after it begins, and later than now.", pointer=last)
    if ends_at - starts_at > LONGEST:
        raise Refused(f"It lasts at most {LONGEST.days} days.", pointer=last)
    if starts_at > at + FARTHEST:
        raise Refused("It begins within a year.", pointer=pointer)


def tag_of(pk: int, revision: int) -> str:
    return f'"o{pk}-{revision}"'
