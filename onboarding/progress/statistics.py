"""What progress teaches: who began, who finished, how long steps take, where people leave.

Counted by the database in a number of queries that does not depend on the number of people. A
guide's progress counts from the moment that somebody began, also once it is nobody's any more.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db.models import Count, Exists, F, OuterRef, Q
from django.utils import timezone

from onboarding.models import (
    Guide,
    GuideVersion,
    PastProgress,
    Progress,
    StepProgress,
    StuckReport,
    StuckState,
)
from portal.accounts.models import Team
from portal.core.web.days import midnight

from .audience import Asked, by_guide, by_version

WEEKS = 12
ENOUGH = 3  # people, before their times say what is usual
NOBODY = Asked()


class Rated:
    """Something with `started` and `completed`."""

    started: int
    completed: int

    @property
    def rate(self) -> float | None:
        """The share of those who began that finished; None without any."""
        return self.completed / self.started if self.started else None

    @property
    def percent(self) -> int | None:
        return None if self.rate is None else round(100 * self.rate)


@dataclass(frozen=True)
class Week(Rated):
    """How things stood when a week ended: begun and completed until then, of all versions."""

    last_day: date
    started: int
    completed: int


@dataclass(frozen=True)
class StepFigures:
    """What people did with one step; `seconds` is the median of visible time, None without any."""

    key: str
    number: int
    title: str
    reached: int  # looked at or ticked it
    done: int
    left: int  # fewer than had reached the step before
    started: int  # the version
    seconds: float | None
    stuck: dict[str, int]  # reports by their state

    @property
    def open(self) -> int:
        return self.stuck.get(StuckState.OPEN, 0)

    @property
    def percent_reached(self) -> int:
        return round(100 * self.reached / self.started) if self.started else 0

    @property
    def percent_done(self) -> int:
        return round(100 * self.done / self.started) if self.started else 0

    @property
    def median(self) -> timedelta | None:
        """The time that it usually takes, once enough people were there to say so."""
        is_known = self.seconds is not None and self.reached >= ENOUGH
        return timedelta(seconds=self.seconds or 0) if is_known else None


@dataclass(frozen=True)
class Counts(Rated):
    """Those who began and finished, beside those who are asked to."""

    started: int = 0
    completed: int = 0
    acknowledged: int = 0
    asked: Asked = NOBODY
    stuck: dict[str, int] = field(default_factory=dict)

    @property
    def open(self) -> int:
        """Stuck reports that wait for an answer."""
        return self.stuck.get(StuckState.OPEN, 0)

    @property
    def reports(self) -> int:
        return sum(self.stuck.values())


@dataclass(frozen=True)
class TeamFigures(Rated):
    """How far the members of a team are in a guide."""

    slug: str
    name: str
    members: int
    started: int
    completed: int


def overview(guides, *, at: datetime) -> list[tuple[Guide, Counts]]:
    """The counts of each of these guides, in a few queries."""
    begun = _ever(Progress.objects.all())
    asked, stuck = by_guide(at=at), _stuck(StuckReport.objects.all(), "guide")
    return [
        (guide, _counts(begun[guide.pk], asked.get(guide.pk), stuck[guide.pk])) for guide in guides
    ]


def of_versions(guide: Guide, *, at: datetime) -> list[tuple[GuideVersion, Counts]]:
    """The counts of each version, the newest first; who has not begun is asked for the newest.

    Who moved over counts in each version that they followed, with what they did there.
    """
    begun = _begun(guide.progress.all(), PastProgress.objects.filter(version__guide=guide))
    stuck = _stuck(guide.stuck.all(), "version")
    asked = by_version(at=at, guide=guide)
    found = []
    for version in guide.versions.defer("content").order_by("-number"):
        mine = asked.get((guide.pk, version.pk), Asked())
        if version.pk == guide.published_id:
            mine += asked.get((guide.pk, None), Asked())
        found.append((version, _counts(begun[version.pk], mine, stuck[version.pk])))
    return found


def of_guide(guide: Guide, versions: list[tuple[GuideVersion, Counts]]) -> Counts:
    """The counts of a guide, from those of its versions; each person counts once."""
    begun = _ever(guide.progress.all())[guide.pk]
    both = total(versions)
    return _counts(begun, both.asked, both.stuck)


def total(rows: list[tuple[Guide, Counts]] | list[tuple[GuideVersion, Counts]]) -> Counts:
    """The sum of these counts."""
    stuck: dict[str, int] = defaultdict(int)
    for _, counts in rows:
        for state, n in counts.stuck.items():
            stuck[state] += n
    return Counts(
        started=sum(counts.started for _, counts in rows),
        completed=sum(counts.completed for _, counts in rows),
        acknowledged=sum(counts.acknowledged for _, counts in rows),
        asked=sum((counts.asked for _, counts in rows), Asked()),
        stuck=dict(stuck),
    )


def _counts(begun: tuple, asked: Asked | None, stuck: dict) -> Counts:
    started, completed, acknowledged = begun
    return Counts(started, completed, acknowledged, asked or NOBODY, dict(stuck))


def _ever(rows) -> dict[int, tuple[int, int, int]]:
    """Guide -> how many began it, were through a version of it, and confirmed one."""
    confirmed = Exists(
        PastProgress.objects.filter(progress=OuterRef("pk"), acknowledged_at__isnull=False)
    )
    found = (
        rows.order_by()
        .values_list("guide")
        .annotate(
            n=Count("pk"),
            through=Count("through_at"),
            confirmed=Count("pk", filter=Q(acknowledged_at__isnull=False) | Q(confirmed)),
        )
    )
    return defaultdict(lambda: (0, 0, 0), {row[0]: row[1:] for row in found})


def _begun(*kinds) -> dict[int, tuple[int, int, int]]:
    """Version -> how many followed it, completed it, and confirmed it."""
    names = ("pk", "completed_at", "acknowledged_at")
    counts = {f"n_{name}": Count(name) for name in names}
    found: dict = defaultdict(lambda: (0, 0, 0))
    for rows in kinds:
        for version, *more in rows.order_by().values_list("version").annotate(**counts):
            found[version] = tuple(map(sum, zip(found[version], more, strict=True)))
    return found


def _stuck(rows, by: str) -> dict:
    found: dict = defaultdict(dict)
    for key, state, n in rows.order_by().values_list(by, "state").annotate(n=Count("pk")):
        found[key][state] = n
    return found


def steps_of(version: GuideVersion) -> list[StepFigures]:
    """Each step of a version, as those who follow or followed it met it, in five queries."""
    met = _met(version)
    stuck = _stuck(version.stuck.all(), "key")
    before = started = version.progress.count() + version.past_progress.count()
    found = []
    for step in version.steps:
        seen = met[step["key"]]
        found.append(
            StepFigures(
                key=step["key"],
                number=step["number"],
                title=step["title"],
                reached=seen.reached,
                done=seen.done,
                left=max(before - seen.reached, 0),
                started=started,
                seconds=median(seen.times),
                stuck={str(state): n for state, n in _of_key(stuck, step["key"]).items()},
            )
        )
        before = seen.reached
    return found


@dataclass
class _Met:
    reached: int = 0
    done: int = 0
    times: dict[int, int] = field(default_factory=dict)  # seconds -> how many people

    def add(self, seconds: int, people: int, done: int) -> None:
        self.reached, self.done = self.reached + people, self.done + done
        if seconds:
            self.times[seconds] = self.times.get(seconds, 0) + people


def _met(version: GuideVersion) -> dict[str, _Met]:
    """The histogram of visible seconds of each step: medians need no row of each person.

    Of those who moved over counts what they did until then, and all the time at the step.
    """
    met = StepProgress.objects.filter(key__in=version.keys)
    now = met.filter(progress__version=version)
    past = met.filter(progress__past__version=version).annotate(left=F("progress__past__left_at"))
    until = Count("pk", filter=Q(done_at__lte=F("left")))
    found: dict[str, _Met] = defaultdict(_Met)
    for rows, done in (
        (now, Count("done_at")),
        (past.filter(first_viewed_at__lte=F("left")), until),
    ):
        counted = rows.order_by().values_list("key", "seconds").annotate(n=Count("pk"), done=done)
        for key, seconds, n, ticked in counted:
            found[str(key)].add(seconds, n, ticked)
    return found


def _of_key(stuck: dict, key: str) -> dict:
    return next((states for each, states in stuck.items() if str(each) == key), {})


def median(times: dict[int, int]) -> float | None:
    """The median of a histogram (value -> how often); None of an empty one."""
    half, odd = divmod(sum(times.values()), 2)
    if not times:
        return None
    low = _at_place(times, half if odd else half - 1)
    return (low + _at_place(times, half)) / 2


def _at_place(times: dict[int, int], place: int) -> int:
    """The value at a place of the sorted list, counted from 0."""
    for value in sorted(times):
        place -= times[value]
        if place < 0:
            return value
    raise IndexError(place)


def trend(rows, *, at: datetime, weeks: int = WEEKS) -> list[Week]:
    """How the completion rate of these progresses stood at the end of each of the last weeks.

    One query; the last week is the present one, as far as it is.
    """
    ends = _ends_of_weeks(at, weeks)
    return _weeks(rows.order_by().aggregate(**_until(ends)), ends)


def trends(rows, *, at: datetime, weeks: int = WEEKS) -> dict[int, list[Week]]:
    """Guide -> the same of it alone, in one query for all."""
    ends = _ends_of_weeks(at, weeks)
    found = rows.order_by().values("guide").annotate(**_until(ends))
    return {row["guide"]: _weeks(row, ends) for row in found}


def _until(ends: list[datetime]) -> dict:
    counts: dict = {}
    for place, end in enumerate(ends):
        begun = Q(started_at__lt=end)
        counts[f"started_{place}"] = Count("pk", filter=begun)
        counts[f"completed_{place}"] = Count("pk", filter=begun & Q(through_at__lt=end))
    return counts


def _weeks(row: dict, ends: list[datetime]) -> list[Week]:
    last_days = [timezone.localdate(end - timedelta(seconds=1)) for end in ends]
    return [
        Week(day, row[f"started_{place}"], row[f"completed_{place}"])
        for place, day in enumerate(last_days)
    ]


def _ends_of_weeks(at: datetime, weeks: int) -> list[datetime]:
    """The midnights after the last Sundays, the coming one included."""
    today = timezone.localdate(at)
    monday = today + timedelta(days=7 - today.weekday())
    return [midnight(monday - timedelta(weeks=back)) for back in reversed(range(weeks))]


def teams_in(guide: Guide) -> list[TeamFigures]:
    """How far each team is whose members are asked or began, in two queries."""
    mine = guide.progress.filter(user__is_active=True, user__teams__isnull=False)
    rows = mine.order_by().values_list("user__teams")
    begun = {row[0]: row[1:] for row in rows.annotate(n=Count("pk"), ended=Count("through_at"))}
    asked = guide.assignments.standing().filter(team__isnull=False).values("team")
    teams = Team.objects.filter(Q(pk__in=list(begun)) | Q(pk__in=asked))
    teams = teams.annotate(active=Count("members", filter=Q(members__is_active=True)))
    return [
        TeamFigures(team.slug, team.name, team.active, *begun.get(team.pk, (0, 0)))
        for team in teams.order_by("name")
    ]
