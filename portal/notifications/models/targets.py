"""What messages are sent to, apart from the addresses of people and of nobody."""

from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import F, Value
from django.db.models.functions import Coalesce

from portal.core.data.claims import pause_after

TARGETS: list[str] = [
    "channel",
    "contact_method",
]  # the foreign keys of Delivery to models that are a Target


class TargetQuerySet(models.QuerySet):
    def resting(self, at: datetime, soon: datetime):
        """Those that failed a moment ago: none of their messages is tried now.

        A rest that ends after `soon`, when any would that begins now, was noted by a clock that
        had jumped: it is none.
        """
        return self.filter(rests_until__gt=at, rests_until__lte=soon)


class Target(models.Model):
    """Something that messages are sent to, one at a time.

    While it fails, its messages are tried one after the other, with a pause after each that grows
    with the failures in a row: a dead one costs one attempt in each pause, however many wait.

    A model is one by deriving from this, having a nullable foreign key at Delivery with the two
    constraints that channels have there, and standing in TARGETS.
    """

    failures = models.PositiveIntegerField(default=0, editable=False, help_text="In a row.")
    failing_since = models.DateTimeField(null=True, blank=True, editable=False)
    rests_until = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        abstract = True

    @property
    def unusable(self) -> str:
        """Why nothing may be sent to it any more; empty if it may."""
        raise NotImplementedError

    def unusable_for(self, kind: str, at: datetime) -> str:
        """Why a message of this kind may not be sent to it now; empty if it may."""
        return self.unusable

    def waits_until(self, kind: str, urgency: str, at: datetime) -> datetime | None:
        """When such a message may be sent, if it may not be sent now."""
        return None

    def worded(self, kind: str, text: str) -> str:
        """The text as it is sent, with what is kept nowhere but in the target."""
        return text

    def addressed(self) -> dict[str, Any]:
        """The columns of a delivery that say to whom and how it goes."""
        raise NotImplementedError

    def reached_by(self, at: datetime) -> dict[str, Any]:
        """`to` and, if there are any, `secrets` of a message that is handed over now."""
        raise NotImplementedError

    def note_failure(self, at: datetime) -> None:
        """It took nothing: let all its messages wait for the pause."""
        self._rows().update(
            failures=F("failures") + 1,
            failing_since=Coalesce("failing_since", Value(at)),
            rests_until=at + pause_after(self.failures + 1),
        )

    def note_success(self) -> bool:
        """It took one: no message waits for it any more. False if none did."""
        anew = {"failures": 0, "failing_since": None, "rests_until": None}
        return bool(self._rows().filter(failures__gt=0).update(**anew))

    def end_rest(self) -> None:
        """Let one of its messages be tried at once, as somebody has looked after it."""
        self._rows().filter(rests_until__isnull=False).update(rests_until=None)

    def _rows(self) -> models.QuerySet:
        return type(self)._default_manager.filter(pk=self.pk)
