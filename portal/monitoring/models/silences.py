"""Silences: which alerts call nobody for a while, and why."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse

from portal.core.data import clock
from portal.core.data.audit import record
from portal.core.data.signs import refuse_signs
from portal.core.data.versioned import Versioned
from portal.core.problems import Conflict, Refused

from . import matchers
from .alerts import Alert, NotFiring
from .choices import Phase
from .matchers import Matcher
from .phases import PhasedQuerySet, phase_of

LONGEST = timedelta(days=30)  # from now: what is quiet for longer is a rule to change
FARTHEST = timedelta(days=90)  # ahead that one may begin
MOST = 500  # in force or planned
MOST_EXPRESSIONS = 200  # of all that are in force or planned: each delivery may need them all
LONGEST_REASON = 500
NO_REASON = "Snoozed"  # what stands for it where nobody gave one
OVER = "This silence is over already. Create a new one."


class SilenceOver(Conflict):
    """It has ended: there is nothing left to change."""

    code, title = "silence-over", "The silence is over"


class TooManySilences(Conflict):
    """Each alert is compared with each of them."""

    code, title = "too-many-silences", "Too many silences"


class SilenceQuerySet(PhasedQuerySet):
    model: "type[Silence]"  # type: ignore[assignment]

    def visible(self, user):
        return self if user.has_perm("monitoring.view_silence") else self.none()

    def active(self, at: datetime):
        return self.filter(starts_at__lte=at, ends_at__gt=at)

    def upcoming(self, at: datetime):
        return self.filter(starts_at__gt=at, ends_at__gt=at)

    def past(self, at: datetime):
        return self.filter(ends_at__lte=at)

    @transaction.atomic
    def make(self, matchers: list[dict], *, by, at: datetime | None = None, **fields: Any):
        """Silence what these matchers match: `ends_at`, `reason`, and `starts_at` if not now.

        Raises Refused, ValidationError or TooManySilences.
        """
        return self._make(by, at or clock.now(), matchers=matchers, **fields)

    @transaction.atomic
    def snooze(self, alert: Alert, *, by, ends_at: datetime, at: datetime | None = None, **more):
        """Silence one alert, whatever its labels, also if it ends and fires again meanwhile.

        It takes the place of an earlier snooze of it. Raises NotFiring for what is over.
        """
        # All that fires, in the order in which `settle` takes these locks after it.
        firing = Alert.objects.firing().order_by("pk").select_for_update()
        if alert.pk not in [*firing.values_list("pk", flat=True)]:
            raise NotFiring(f"{alert} ended meanwhile: there is nothing to snooze.")
        at = at or clock.now()
        about = {name: getattr(alert, name) for name in ("source", "fingerprint")}
        more["reason"] = str(more.get("reason") or "").strip() or NO_REASON
        found = {"ends_at": ends_at, "alert_name": alert.name, **about, **more}
        for earlier in Silence.objects.filter(**about, ends_at__gt=at):
            earlier.end(by=by, at=at)
            found["replaces"] = earlier
        return self._make(by, at, **found)

    def _make(self, by, at: datetime, **fields):
        silence = self.model(created_by=by, created_at=at, **fields)
        silence.starts_at = max(fields.get("starts_at") or at, at)
        silence.reason = silence.reason.strip()
        require_end(silence.starts_at, silence.ends_at, at)
        silence.full_clean()
        self._require_room(silence, at)
        silence.save()
        record(silence, "start", by=by)
        return silence

    def _require_room(self, silence: "Silence", at: datetime) -> None:
        columns = list(self.model.objects.filter(ends_at__gt=at).values_list("matchers", flat=True))
        if len(columns) >= MOST:
            raise TooManySilences(f"{MOST} silences are in force or planned. End some of them.")
        mine, known = _expressions(silence.matchers), sum(map(_expressions, columns))
        if mine and known + mine > MOST_EXPRESSIONS:
            raise TooManySilences(
                f"The silences that are in force or planned have {known} regular expressions, and "
                f"this one {mine}; at most {MOST_EXPRESSIONS} are accepted in all. "
                "Write = or != instead of =~ and !~, or end some silences."
            )


def _expressions(column: Iterable[Mapping[str, str]]) -> int:
    return sum(each["operator"] in matchers.EXPRESSIONS for each in column)


def require_end(starts_at: datetime, ends_at: datetime, at: datetime) -> None:
    """Raise Refused unless it ends after it begins, and soon enough."""
    if starts_at > at + FARTHEST:
        raise Refused(f"Begin within {FARTHEST.days} days.", pointer="/starts_at")
    if ends_at <= starts_at:
        raise Refused("It has to end after it begins, and later than now.", pointer="/ends_at")
    if ends_at > starts_at + LONGEST:
        detail = (
            f"A silence lasts at most {LONGEST.days} days. Of an alert that nobody needs, change "
            "the alert rule in your tool."
        )
        raise Refused(detail, pointer="/ends_at")


class Silence(Versioned):
    """Alerts with such labels, or one alert, call nobody until it ends; all is recorded."""

    matchers = models.JSONField(default=list, blank=True, help_text="All of them have to match.")
    source = models.CharField(max_length=60, blank=True, help_text="Of one alert: whose it is.")
    fingerprint = models.CharField(max_length=255, blank=True)
    alert_name = models.CharField(max_length=200, blank=True)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    reason = models.CharField(max_length=LONGEST_REASON)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="Who ended it before its time.",
    )
    replaces = models.OneToOneField(
        "self",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="replaced_by",
        help_text="The silence that ended as its matchers were changed to these.",
    )
    revision = models.PositiveIntegerField(default=0, db_default=0)

    objects = SilenceQuerySet.as_manager()

    class Meta:
        ordering = ["-ends_at", "-pk"]
        default_permissions = ("add", "change", "view")  # ended, never deleted
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gte=F("starts_at")), name="silence_ends_after_it_begins"
            )
        ]
        indexes = [
            # active(), upcoming(), past()
            models.Index(fields=["ends_at", "starts_at"], name="silence_times")
        ]

    def __str__(self):
        return ", ".join(self.written) or f"Snooze of {self.alert_name}"

    def get_absolute_url(self):
        return reverse("monitoring:silence", args=[self.pk])

    @property
    def etag(self) -> str:
        return tag_of(self.pk, self.revision)

    @property
    def is_snooze(self) -> bool:
        return not self.matchers

    @property
    def given_reason(self) -> str:
        """Empty for a snooze of which nobody said why."""
        return "" if self.is_snooze and self.reason == NO_REASON else self.reason

    @property
    def written(self) -> list[str]:
        return [str(each) for each in self.loaded]

    @cached_property
    def loaded(self) -> list[Matcher]:
        """Made once, for any number of alerts."""
        return matchers.loaded(self.matchers)

    def phase(self, at: datetime) -> Phase:
        return phase_of(self.starts_at, self.ends_at, at)

    def clean(self):
        if not self.reason.strip():
            raise ValidationError({"reason": "Say why."})
        refuse_signs(self, only=("reason",))
        if self.source:
            return
        try:
            matchers.validate(self.matchers)
        except ValidationError as error:
            raise ValidationError({"matchers": error.messages}) from error

    # Verbs

    @transaction.atomic
    def end(self, *, by, at: datetime | None = None) -> None:
        """End it now; one that has not begun never will. Raises SilenceOver."""
        at = at or clock.now()
        begins = min(self.starts_at, at)
        self._write(at, starts_at=begins, ends_at=at, ended_by=by)
        record(self, "end", by=by)

    @transaction.atomic
    def extend(self, *, by, ends_at: datetime, at: datetime | None = None) -> None:
        """Let it end later than it would. Raises Refused for sooner, and SilenceOver."""
        at = at or clock.now()
        if self.phase(at) != Phase.PAST and ends_at <= self.ends_at:
            detail = "It would end no later than it does. Change its end to make it shorter."
            raise Refused(detail, pointer="/ends_at")
        require_end(max(self.starts_at, at), ends_at, at)
        before = self.ends_at
        self._write(at, ends_at=ends_at)
        record(self, "extend", by=by, ends_at=(before, ends_at))

    @transaction.atomic
    def change(
        self,
        changes: Mapping[str, Any],
        *,
        by,
        at: datetime | None = None,
        based_on: int | None = None,
    ) -> "Silence":
        """Change `reason`, `ends_at` or `matchers`; returns the silence that holds then.

        What it mutes never changes under its number: with other matchers a new silence begins as
        this one ends, as in Alertmanager. Raises SilenceOver, Stale, Refused, ValidationError or
        TooManySilences.
        """
        at = at or clock.now()
        if self.stands(changes, based_on=based_on) and self.phase(at) != Phase.PAST:
            return self
        self.claim(based_on)
        self.refresh_from_db()
        if self.phase(at) == Phase.PAST:
            raise SilenceOver(OVER)
        column = changes.get("matchers", self.matchers)
        about = {name: changes.get(name, getattr(self, name)) for name in ("reason", "ends_at")}
        if column == self.matchers:
            self._rewrite(at, by, **about)
            return self
        if self.is_snooze:
            raise Refused("A snooze is of one alert: it has no matchers.", pointer="/matchers")
        starts_at = self.starts_at
        self.end(by=by, at=at)
        again = {"matchers": column, "starts_at": starts_at, "replaces": self}
        return Silence.objects.make(by=by, at=at, **about, **again)

    def _rewrite(self, at: datetime, by, *, reason: str, ends_at: datetime) -> None:
        before = {"reason": self.reason, "ends_at": self.ends_at}
        if ends_at != self.ends_at:
            require_end(max(self.starts_at, at), ends_at, at)
        self.reason = reason.strip()
        self.full_clean(exclude=["created_by"])
        # `claim` has counted this change
        self._write(at, reason=self.reason, ends_at=ends_at, revision=F("revision"))
        after = {name: (old, getattr(self, name)) for name, old in before.items()}
        record(self, "change", by=by, **after)

    def _write(self, at: datetime, **changed) -> None:
        """Compare-and-set: of what is over nothing changes."""
        rows = Silence.objects.filter(pk=self.pk, ends_at__gt=at)
        if not rows.update(**{"revision": F("revision") + 1} | changed):
            raise SilenceOver(OVER)
        self.refresh_from_db(fields=["revision", *changed])


def tag_of(pk: int, revision: int) -> str:
    return f'"s{pk}-{revision}"'
