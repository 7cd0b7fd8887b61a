from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection, models, transaction
from django.db.models import Exists, OuterRef, Q

from portal.core.data import clock, crash_points
from portal.core.data.queries import Prepared, columns_of, insert_row, row_of, update_rows
from portal.monitoring.heartbeats import notices

from .flips import Flip
from .heartbeat_choices import ENDS, FlipReason, HeartbeatState, Signal, Verdict
from .heartbeats import Heartbeat
from .pings import LONGEST_AGENT, LONGEST_RUN, SMALL_BODY, Call, Ping

CANDIDATES = 16  # read at once: of several engines that want the same one, the others go on
PRUNED_EVERY = 50  # pings
DOWN, UP = HeartbeatState.DOWN, HeartbeatState.UP


@dataclass(frozen=True)
class Run:
    """What an end says of the run that it ends."""

    duration: timedelta | None
    goes_on: bool  # another run, that was started later, does not end with it


class InstanceQuerySet(models.QuerySet):
    def for_writing(self):
        """With their heartbeats, locked until the caller's transaction ends."""
        # SQLite needs no lock: its transactions begin as the only one that writes.
        return self.select_for_update(of=("self",)).select_related("heartbeat")

    def called(self, uuid: UUID, name: str) -> "Instance | None":
        """The one that reports at this address, locked as by `for_writing`, and since when."""
        rows = _called(uuid=uuid, name=name)
        return _instance(*rows[0]) if rows else None

    def late(self, at: datetime):
        """Those that have to go down now, the longest due first."""
        return self.filter(down_at__lte=at, heartbeat__paused_at=None).order_by("down_at", "pk")

    def drop_one(self, at: datetime) -> bool:
        """Take one that is late down, and tell of it; False if there is none."""
        late = self.late(at).select_related("heartbeat")[:CANDIDATES]
        return any(instance.fall(at=at) for instance in late)


class Instance(models.Model):
    """One of those that report under a heartbeat, such as a host of a fleet, and how it stands."""

    heartbeat = models.ForeignKey(Heartbeat, on_delete=models.CASCADE, related_name="instances")
    name = models.CharField(max_length=100, blank=True)  # empty: the only one
    state = models.CharField(max_length=8, choices=HeartbeatState, default=HeartbeatState.NEW)
    pings = models.PositiveIntegerField(default=0)  # so far; also the number of the newest
    last_ping_at = models.DateTimeField(null=True)  # the last end of a run
    last_duration = models.DurationField(null=True)
    verdict = models.CharField(max_length=5, choices=Verdict, blank=True)  # on the last run
    started_at = models.DateTimeField(null=True)  # of the run that goes on
    started_rid = models.UUIDField(null=True)
    counts_from = models.DateTimeField(null=True)  # the last end, or the end of a pause
    expected_at = models.DateTimeField(null=True)
    down_at = models.DateTimeField(null=True)  # when it goes down unless it reports; null: never

    called_at: datetime | None = None  # as it was locked for a ping that found it by its address

    objects = InstanceQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        default_permissions = ()  # who sees the heartbeat sees them
        constraints = [
            models.UniqueConstraint(fields=["heartbeat", "name"], name="instance_named_once"),
            models.CheckConstraint(
                condition=Q(state__in=["new", "up", "down"]), name="instance_state_is_stored"
            ),
            models.CheckConstraint(
                condition=~Q(state="down") | Q(down_at=None), name="instance_down_is_not_due"
            ),
        ]
        indexes = [
            models.Index(  # the engine asks for those that are late
                fields=["down_at"], condition=Q(down_at__isnull=False), name="instance_by_due"
            ),
        ]

    def __str__(self):
        return f"{self.heartbeat} ({self.name})" if self.name else str(self.heartbeat)

    def is_woken_by(self, call: Call) -> bool:
        """Whether such a ping ends the pause of its heartbeat."""
        is_paused = self.heartbeat.paused_at is not None and not self.heartbeat.manual_resume
        return is_paused and call.signal in ENDS

    # Verbs

    def take(self, call: Call, *, at: datetime) -> Ping:
        """Keep a ping and change the state by it, in the transaction of who locked this row."""
        signal = self._signal(call, at)
        run = self._run(signal, call, at)
        verdict = self._verdict(signal, run)
        was_told = verdict == Verdict.LONG and self._was_told_to_overrun()
        before, self.pings = self.state, self.pings + 1
        if signal == Signal.START:
            self.started_at, self.started_rid = at, call.rid
        elif signal in ENDS:
            self._end(signal, run, verdict, at)
        self.down_at = self._deadline()
        update_rows(Instance, [self], CHANGED_BY_PINGS)
        ping = Ping(**self._kept(call, signal, run, verdict, at))
        insert_row(ping)
        if ping.size > SMALL_BODY:
            Ping.objects.make_room(self.heartbeat_id)
        if self.state != before:
            reason = FlipReason.FAILURE if signal == Signal.FAIL else FlipReason.SUCCESS
            self._flip(before, reason, at)
        if verdict and not was_told:
            notices.odd_duration(self, ping)
        if self.pings % PRUNED_EVERY == 0:
            self.signs.filter(n__lte=self.pings - max(settings.KEEP_PINGS, 1)).delete()
        return ping

    @transaction.atomic
    def fall(self, *, at: datetime) -> bool:
        """Go down, as it did not report in time; False if a ping or another engine came first."""
        # No join: PostgreSQL looks again at the row itself after it waited for another's write.
        counting = Heartbeat.objects.filter(pk=OuterRef("heartbeat"), paused_at=None)
        rows = Instance.objects.filter(Exists(counting), pk=self.pk, down_at=self.down_at)
        if self.down_at is None or not rows.update(state=DOWN, down_at=None):
            return False
        crash_points.reach("down")
        before, overran = self.state, self._overran()
        self.state, self.down_at = DOWN, None
        self._flip(before, FlipReason.OVERRUN if overran else FlipReason.MISSED, at)
        crash_points.reach("flipped")
        return True

    def schedule(self, *, at: datetime | None = None) -> None:
        """Work out anew when it is expected; `at`: one period from then. Saves nothing.

        What is down stays down: only a success ends that.
        """
        self.counts_from = at or self.counts_from
        began = None if self.state == HeartbeatState.NEW else self.counts_from
        self.expected_at = self.heartbeat.expected_after(began) if began else None
        self.down_at = self._deadline()

    # What they do

    def _signal(self, call: Call, at: datetime) -> Signal:
        """What it means: while its heartbeat is paused, an end of a run ends the pause, too."""
        if self.heartbeat.paused_at is None or call.signal == Signal.LOG:
            return call.signal
        if self.heartbeat.manual_resume:
            return Signal.IGNORED
        if self.is_woken_by(call):
            self.heartbeat.wake(at=at)
            self.refresh_from_db()
        return call.signal

    def _run(self, signal: Signal, call: Call, at: datetime) -> Run:
        """An end belongs to the start with its id, or to the one without, as in healthchecks."""
        if signal not in ENDS:
            return Run(None, goes_on=self.started_at is not None)
        if self.started_at and self.started_rid == call.rid:
            return Run(_length(self.started_at, at), goes_on=False)
        began = self.signs.start_of(call.rid, at) if call.rid else None
        ended_others = signal == Signal.FAIL or call.rid is None
        return Run(_length(began, at), goes_on=bool(self.started_at) and not ended_others)

    def _verdict(self, signal: Signal, run: Run) -> str:
        if signal != Signal.SUCCESS or run.duration is None:
            return ""
        if self.heartbeat.shortest and run.duration < self.heartbeat.shortest:
            return Verdict.SHORT
        is_long = self.heartbeat.longest and run.duration > self.heartbeat.longest
        return Verdict.LONG if is_long else ""

    def _end(self, signal: Signal, run: Run, verdict: str, at: datetime) -> None:
        if not run.goes_on:
            self.started_at = self.started_rid = None
        self.last_ping_at = self.counts_from = at
        self.last_duration, self.verdict = run.duration, verdict
        self.state = DOWN if signal == Signal.FAIL else UP
        self.expected_at = self.heartbeat.expected_after(at)

    def _deadline(self) -> datetime | None:
        if self.state == DOWN or self.heartbeat.paused_at:
            return None
        due = []
        if self.state == UP and self.expected_at:
            due.append(self.expected_at + self.heartbeat.grace)
        if self.started_at:
            due.append(self.started_at + self.heartbeat.longest_run)
        return min(due, default=None)

    def _overran(self) -> bool:
        """Whether it is due because of a run that goes on, not because none was reported."""
        return bool(
            self.started_at and self.down_at == self.started_at + self.heartbeat.longest_run
        )

    def _was_told_to_overrun(self) -> bool:
        """Whether it is down as the run that ends now went on for too long: there is an alert."""
        if self.state != DOWN:
            return False
        newest = Flip.objects.filter(instance=self).order_by("-at", "-pk").first()
        return newest is not None and newest.reason == FlipReason.OVERRUN

    def _kept(self, call: Call, signal: Signal, run: Run, verdict: str, at: datetime) -> dict:
        return {
            "instance": self,
            "n": self.pings,
            "signal": signal,
            "exit_status": call.exit_status,
            "at": at,
            "duration": run.duration,
            "verdict": verdict,
            "rid": call.rid,
            "method": call.method,
            "address": call.address,
            "agent": call.agent[:LONGEST_AGENT],
            "size": len(call.body),
            "body": call.body,
        }

    def _flip(self, before: str, reason: FlipReason, at: datetime) -> None:
        Flip.objects.note(
            heartbeat=self.heartbeat,
            instance=self,
            before=before,
            after=self.state,
            reason=reason,
            at=at,
        )


OWN = columns_of(Instance)
EXPECTED = (  # what a ping asks its heartbeat; the rest is read when it is needed
    *("id", "every", "cron", "zone", "grace", "shortest", "longest", "manual_resume"),
    "paused_at",
)


def _at_address(uuid: UUID, name: str) -> models.QuerySet:
    rows = Instance.objects.filter(heartbeat__uuid=uuid, name=name).order_by()
    expected = (f"heartbeat__{name}" for name in EXPECTED)
    return rows.values_list(clock.DatabaseTime(), *OWN, *expected)


_called = Prepared(_at_address, locks=Instance)  # every ping asks it


def _instance(at: datetime | None, *values: Any) -> Instance:
    instance = row_of(Instance, values[: len(OWN)])
    instance.called_at = at or clock.now()
    instance.heartbeat = Heartbeat.from_db(connection.alias, EXPECTED, values[len(OWN) :])
    return instance


CHANGED_BY_PINGS = [
    *("state", "pings", "last_ping_at", "last_duration", "verdict", "started_at", "started_rid"),
    *("counts_from", "expected_at", "down_at"),
]


def _length(began: datetime | None, at: datetime) -> timedelta | None:
    return at - began if began and timedelta(0) <= at - began <= LONGEST_RUN else None
