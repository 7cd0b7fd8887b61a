from collections.abc import Iterable

from django.conf import settings
from django.db import models, transaction
from django.db.models import Exists, F, OuterRef
from django.utils import timezone

from portal.core.data.audit import record
from portal.core.problems import Refused
from runbooks.problems import WrongState

from .names import AlertName

MOST = 5000  # alerts that are remembered: whoever may read could otherwise fill the disk


class GapQuerySet(models.QuerySet):
    def open(self):
        """Alerts that somebody looked up and that still have no runbook, the most wanted first.

        Those that were dismissed are left out.
        """
        return self.unanswered().filter(dismissed_at=None).order_by("-count", "name")

    def dismissed(self):
        """Those of which somebody said that they need no runbook, the latest first."""
        rows = self.unanswered().filter(dismissed_at__isnull=False)
        return rows.order_by("-dismissed_at", "name")

    def unanswered(self):
        return self.filter(~Exists(AlertName.objects.filter(name=OuterRef("name"))))

    def note(self, name: str, *, at) -> None:
        """Count one more look-up of an alert that has no runbook; of no other text.

        When there are too many, the least wanted are forgotten, the oldest of them first; never
        one that somebody dismissed.
        """
        self.note_all([name], at=at)

    def note_all(self, names: Iterable[str], *, at) -> None:
        """The same of several alerts, in as many queries as of one."""
        wanted = {name for name in names if AlertName.allows(name)}
        if not wanted:
            return
        known = set(self.filter(name__in=wanted).values_list("name", flat=True))
        new = [self.model(name=name, count=0, first_at=at, last_at=at) for name in wanted - known]
        if new:
            self.bulk_create(new, ignore_conflicts=True)  # somebody else may look it up right now
        self.filter(name__in=wanted).update(count=F("count") + 1, last_at=at)
        if new and (undecided := self.filter(dismissed_at=None)).count() > MOST:
            least = undecided.exclude(name__in=wanted).order_by("count", "last_at", "pk")
            keys = least.values_list("pk", flat=True)[: MOST // 10]
            self.filter(pk__in=list(keys)).delete()


class Gap(models.Model):
    """An alert that was looked up although no runbook answers it."""

    name = models.CharField(max_length=200, unique=True)
    count = models.PositiveIntegerField(default=1)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    dismissed_at = models.DateTimeField(null=True, editable=False)
    dismissed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    dismissed_because = models.CharField(
        max_length=300, blank=True, default="", db_default="", editable=False
    )

    objects = GapQuerySet.as_manager()

    class Meta:
        verbose_name = "alert without a runbook"
        verbose_name_plural = "alerts without a runbook"
        ordering = ["-count", "name"]
        permissions = [("dismiss_gap", "Can dismiss an alert without a runbook")]
        indexes = [models.Index(fields=["-count", "name"], name="gap_most_wanted")]  # open()

    def __str__(self):
        return self.name

    @property
    def standing(self) -> str:
        """Whether it was dismissed, by whom and why."""
        if self.dismissed_at is None:
            return f"{self} is not dismissed."
        return f"{self.dismissed_by or 'Somebody'} dismissed it already: “{self.dismissed_because}”"

    def dismiss(self, *, by, reason: str, at=None) -> None:
        """Say that it needs no runbook, and why: it leaves the list, look-ups go on counting."""
        if not reason.strip():
            raise Refused("Say why it needs no runbook.", pointer="/reason")
        self._decide("dismiss", by, at or timezone.now(), by, reason.strip())

    def take_back(self, *, by) -> None:
        """List it again."""
        self._decide("take_back", by, None, None, "")

    @transaction.atomic
    def _decide(self, verb: str, by, dismissed_at, dismissed_by, because: str) -> None:
        """Compare-and-set, so that of two people one wins and the other is told."""
        rows = type(self).objects.filter(pk=self.pk, dismissed_at__isnull=dismissed_at is not None)
        changes = {"dismissed_at": dismissed_at, "dismissed_by": dismissed_by}
        if not rows.update(**changes, dismissed_because=because):
            self.refresh_from_db()
            raise WrongState(self.standing)
        self.refresh_from_db()
        record(self, verb, by=by)
