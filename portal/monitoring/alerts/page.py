"""What the pages of alerts show: what fires now, and one alert explained."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from django.db.models import Count, Q

from portal.accounts.models import Team
from portal.core.web.days import midnight
from portal.core.web.navigation import Handled, handled
from portal.core.web.status import Status
from portal.monitoring.models import Alert, Event, Intake, MutedBy, Muting, Rating, Received
from portal.monitoring.ratings.statistics import Statistics, statistics_of
from portal.notifications.deliveries.status import status_of as status_of_delivery
from portal.notifications.models import Delivery
from runbooks.models import Run

from .matching import is_link
from .status import MUTED, NO_RUNBOOK, NO_SERVICE, answer_of, status_of, status_of_intake
from .timeline import Entry, called_after, called_before, entries_of

SHOWN = 100  # of one group; the history has the rest
TITLES = {
    "unattended": ("Not acknowledged", "waits for somebody to take it"),
    "acknowledged": ("Acknowledged", "somebody has it in hand"),
    "muted": (
        "Muted",
        "recorded, nobody is called; announced if it still fires at the end",
    ),
}
RESOLVED_SHOWN = 10
EPISODES_SHOWN = 20
FIRST_EVENTS, NEWEST_EVENTS = 30, 100  # that are shown of one alert
LABELS_SHOWN = 8
OFTEN = timedelta(days=30)
CALLING = Q(muted_by="")  # of what fires
LOADED = ("service__owner", "runbook", "acknowledged_by", "intake", "team")


@dataclass(frozen=True)
class Line:
    """One alert of a list, as this person sees it."""

    alert: Alert
    status: Status
    at: datetime
    mine: bool | None  # whether they called it useful, or noise
    lasted: timedelta
    muting: Muting | None = None  # what keeps it from calling people
    handled: Handled | None = None  # where it is worked on

    @property
    def muted_for(self) -> timedelta | None:
        """How long the rest of it takes, as far as that is known."""
        until = self.muting.until if self.muting else None
        return max(until - self.at, timedelta()) if until else None

    @property
    def labels(self) -> list[tuple[str, str]]:
        """The first of them but its name, which stands above."""
        rest = [(name, value) for name, value in self.alert.labels.items() if name != "alertname"]
        return rest[:LABELS_SHOWN]

    @property
    def no_service(self) -> Status | None:
        return None if self.alert.service_id else NO_SERVICE

    @property
    def no_runbook(self) -> Status | None:
        return None if self.alert.runbook_id or self.alert.runbook_url else NO_RUNBOOK


def lines_of(
    alerts: Iterable[Alert], user, at: datetime, places: Mapping[int, Handled] | None = None
) -> list[Line]:
    """`places`: where those that have one are worked on."""
    alerts, places = list(alerts), places or {}
    said = Rating.objects.filter(person=user, alert__in=alerts)
    mine = dict(said.values_list("alert", "is_useful"))
    mutings = mutings_of(alerts)
    return [
        Line(
            alert=each,
            status=status_of(each),
            at=at,
            mine=mine.get(each.pk),
            lasted=each.lasted(at),
            muting=mutings.get(each.pk),
            handled=places.get(each.pk),
        )
        for each in alerts
    ]


def mutings_of(alerts: Iterable[Alert]) -> dict[int, Muting]:
    """What mutes each of them now; no query if none is muted."""
    muted = [each.pk for each in alerts if each.muted_by and each.is_firing]
    rows = Muting.objects.open().explained().filter(alert__in=muted) if muted else []
    return {each.alert_id: each for each in rows}


@dataclass(frozen=True)
class Group:
    """Alerts under a heading."""

    key: str
    title: str
    about: str
    lines: list[Line]
    count: int

    @property
    def more(self) -> int:
        return self.count - len(self.lines)


class Now:
    """What fires at this moment, and what was resolved today."""

    def __init__(self, user, at: datetime, today):
        self.user, self.at = user, at
        rows = Alert.objects.visible(user)
        self.rows = rows.select_related(*LOADED)
        begin = midnight(today)
        # One index answers each; both in one query would read all that is over.
        firing = rows.firing().aggregate(
            unattended=Count("pk", filter=CALLING & Q(acknowledged_at=None)),
            acknowledged=Count("pk", filter=CALLING & Q(acknowledged_at__isnull=False)),
            muted=Count("pk", filter=~Q(muted_by="")),
        )
        self.counts = firing | {"resolved": rows.resolved_since(begin).count()}
        self.begin = begin

    @cached_property
    def groups(self) -> list[Group]:
        shown = {
            "unattended": self.rows.unattended(),
            "acknowledged": self.rows.acknowledged(),
            "muted": self.rows.muted(),
        }
        rows = {key: list(of[:SHOWN]) for key, of in shown.items() if self.counts[key]}
        found = [each for of in rows.values() for each in of]
        places = handled("alert", [each.pk for each in found], self.user)
        lines = lines_of(found, self.user, self.at, places)
        by_key = {line.alert.pk: line for line in lines}
        return [
            Group(key, *TITLES[key], [by_key[each.pk] for each in of], self.counts[key])
            for key, of in rows.items()
        ]

    @cached_property
    def resolved(self) -> list[Line]:
        if not self.counts["resolved"]:
            return []
        rows = self.rows.resolved_since(self.begin).order_by("-ends_at", "-pk")[:RESOLVED_SHOWN]
        return lines_of(rows, self.user, self.at)

    @property
    def firing(self) -> int:
        return self.counts["unattended"] + self.counts["acknowledged"]

    @cached_property
    def intakes(self) -> list[tuple[Intake, Status]]:
        rows = Intake.objects.visible(self.user).usable().with_newest_error()
        return [(each, status_of_intake(each)) for each in rows]


@dataclass(frozen=True)
class Explained:
    """One alert: what came, what matched, who was told, and its history."""

    alert: Alert
    user: object
    at: datetime

    @property
    def owner(self) -> Team | None:
        """The team that is told, as `notices` chooses it."""
        service, intake = self.alert.service, self.alert.intake
        default = intake.default_team if intake else None
        return self.alert.team or (service and service.owner) or default

    @property
    def line(self) -> Line:
        return self._line

    @cached_property
    def _line(self) -> Line:
        return lines_of([self.alert], self.user, self.at)[0]

    @cached_property
    def events(self) -> list[tuple[Event, Status | None]]:
        """The first ones and the newest ones, without the texts that came."""
        rows = self.alert.events.select_related("received").defer("received__body")
        found = list(rows.order_by("at", "pk")[:FIRST_EVENTS])
        known = [each.pk for each in found]
        newest = rows.exclude(pk__in=known).order_by("-at", "-pk")[:NEWEST_EVENTS]
        found += reversed(newest)
        return [(each, answer_of(each.received) if each.received else None) for each in found]

    @property
    def left_out(self) -> int:
        """How often it came of which no line is shown."""
        return max(self.alert.deliveries - len(self.events), 0)

    @cached_property
    def first_body(self) -> str:
        """The first delivery as it came, while it is kept."""
        keys = [each.received_id for each, _ in self.events[:FIRST_EVENTS] if each.received_id]
        rows = Received.objects.filter(pk__in=keys).exclude(body="").order_by("at", "pk")
        return rows.values_list("body", flat=True).first() or ""

    @cached_property
    def told(self) -> list[tuple[Delivery, Status]]:
        rows = Delivery.objects.filter(key__in=self.alert.told).select_related("recipient")
        return [(each, status_of_delivery(each)) for each in rows.order_by("created_at", "pk")]

    @cached_property
    def mutings(self) -> list[tuple[Muting, Status, list[str]]]:
        """What muted this episode, the oldest first, and whom it called before and after."""
        rows, told = self.alert.mutings.explained(), [each for each, _ in self.told]
        return [
            (each, MUTED[MutedBy(each.by)], [called_before(each, told), called_after(each, told)])
            for each in rows
        ]

    @property
    def happened(self) -> list[Entry]:
        return entries_of(self.alert, self.told, self.runs)

    @cached_property
    def below(self) -> list[Alert]:
        """What stands under it now."""
        under = Muting.objects.open().filter(under=self.alert)
        return list(Alert.objects.muted().filter(mutings__in=under).order_by("name")[:SHOWN])

    @cached_property
    def runs(self) -> list[Run]:
        """Runs of its runbook that were started while it fired."""
        if self.alert.runbook is None:
            return []
        rows = self.alert.runbook.runs.visible(self.user).recent()
        meanwhile = rows.filter(started_at__gte=self.alert.starts_at)
        if self.alert.ends_at:
            meanwhile = meanwhile.filter(started_at__lte=self.alert.ends_at)
        return list(meanwhile[:EPISODES_SHOWN])

    @cached_property
    def episodes(self) -> list[Line]:
        rows = Alert.objects.episodes_of(self.alert).select_related(*LOADED)
        return lines_of(rows[:EPISODES_SHOWN], self.user, self.at)

    @cached_property
    def ratings(self) -> list[Rating]:
        return list(self.alert.ratings.select_related("person"))

    @cached_property
    def of_name(self) -> Statistics | None:
        """How often its name fired lately, and what people made of it; None: not lately."""
        since = self.at - OFTEN
        rows = Alert.objects.visible(self.user).since(since).filter(name=self.alert.name)
        return next(iter(statistics_of(rows, since, self.at)), None)

    @property
    def generator(self) -> str:
        """Where the tool shows it, if that is an address of the web."""
        return self.alert.generator_url if is_link(self.alert.generator_url) else ""

    @property
    def rest_of_labels(self) -> list[tuple[str, str]]:
        return list(self.alert.labels.items())
