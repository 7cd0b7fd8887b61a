"""What the page of an incident shows, for one person at one moment."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from hashlib import sha256
from itertools import chain

from django.core.cache import caches
from django.utils.text import get_text_list
from django.utils.timezone import localtime

from incidents.models import (
    Assignment,
    AudienceName,
    Clock,
    ClockKind,
    Communication,
    Impact,
    Incident,
    IncidentAlert,
    Presence,
    Role,
    Task,
)
from incidents.models.teamwork import WORK
from portal.architecture.catalog.graph import Graph
from portal.core.web.status import Status
from portal.monitoring.alerts.status import status_of as status_of_alert
from runbooks.models import Run, Runbook
from runbooks.models.run_steps import StepState

from .clocks import Face, faces_of
from .runbooks import suggestions
from .status import ASKS_AGAIN, IMPACT, marks_of, status_of
from .timeline import LATEST, MOST, SHOWS, Line, lines_of, pinned_of

LOADED = ("owner", "policy", "runbook_version__runbook", "merged_into", "declared_by")
ALERTS_SHOWN = 50
SIMILAR = 5
REACH_SHOWN = 8
REACH_KEPT = 60  # seconds: the catalog changes seldom


@dataclass(frozen=True)
class Reach:
    """What depends on the affected services: whom it may hurt next."""

    hard: list[tuple[str, str]]  # slug and name of what is down without them
    soft: int  # how many more are degraded

    @property
    def shown(self) -> list[tuple[str, str]]:
        return self.hard[:REACH_SHOWN]

    @property
    def more(self) -> int:
        return max(len(self.hard) - REACH_SHOWN, 0)


class Room:
    """Each part is read when the template asks for it."""

    def __init__(self, incident: Incident, user, at: datetime, asked):
        self.incident, self.user, self.at = incident, user, at
        shows = asked.get("show", "")
        self.shows = shows if shows in SHOWS else "all"
        self.is_whole = asked.get("log") == "all"

    @property
    def log(self) -> str:
        return "all" if self.is_whole else "newest"

    @property
    def mark(self) -> str:
        """Changes whenever the page has to be drawn anew."""
        alerts = [(row.alert_id, str(status)) for row, status in self.alerts]
        runs = [(run.pk, run.revision) for run in self.runs]
        clocks = [(face.title, str(face.status)) for face in self.clocks]
        here = [each.person_id for each in self.here]
        newest = self.incident.entries.order_by("-pk").values_list("pk", flat=True).first()
        said = repr((self.incident.revision, newest, alerts, runs, clocks, here))
        return sha256(said.encode()).hexdigest()[:20]

    @property
    def may_work(self) -> bool:
        return self.user.has_perm(WORK)

    @property
    def may_unrestrict(self) -> bool:
        return self.may_work and self.incident.may_unrestrict(self.user)

    @property
    def status(self) -> Status:
        return ASKS_AGAIN if self.asks_again else status_of(self.incident)

    @property
    def marks(self) -> list[Status]:
        return marks_of(self.incident)

    @property
    def lasted(self) -> timedelta:
        return self.incident.lasted(self.at)

    @property
    def declared_in_utc(self) -> str:
        """Empty where the reader's clock says the same."""
        declared = localtime(self.incident.declared_at)
        return f"{declared.astimezone(UTC):%H:%M}" if declared.utcoffset() else ""

    @property
    def verbs(self) -> list[tuple[str, str, str]]:
        """(verb, words, icon): what can be done next; the first is what most people do next."""
        incident = self.incident
        if incident.is_over:
            ended = [("close", "Close", "archive")] if incident.state == "resolved" else []
            return ended if incident.merged_into_id else [*ended, ("reopen", "Reopen", "restore")]
        mitigate, resolve = ("mitigate", "Mitigated", "check"), ("resolve", "Resolve", "ok")
        next_ones = [resolve] if incident.state == "monitoring" else [mitigate, resolve]
        return [*next_ones, ("escalate", "Escalate", "up")]

    @property
    def rarer_verbs(self) -> list[tuple[str, str, str]]:
        """Those behind “More”."""
        if self.incident.is_over:
            return []
        identify = [("identify", "Identified", "flag")]
        known = self.incident.state == "identified"
        return [*([] if known else identify), ("severity", "Change severity", "trend")]

    @property
    def needs_acknowledgement(self) -> bool:
        return self.incident.is_open and not self.incident.acknowledged_at

    @property
    def asks_again(self) -> bool:
        """It became worse after somebody had acknowledged it, and nobody has since."""
        runs = any(each.kind == ClockKind.ACKNOWLEDGE and each.runs for each in self._clocks)
        return runs and self.incident.acknowledged_at is not None

    @property
    def asks_to_acknowledge(self) -> bool:
        calls = self.needs_acknowledgement or self.asks_again or self.is_calling
        return self.incident.is_open and calls

    @cached_property
    def awaiting(self) -> list[str]:
        """Of what is over: the audiences that were told of it, and not yet that it ended."""
        if self.incident.is_open or self.incident.merged_into_id:
            return []
        return Communication.objects.awaiting(self.incident)

    @property
    def awaiting_in_words(self) -> str:
        return get_text_list([AudienceName(each).label for each in self.awaiting], "and")

    @cached_property
    def is_calling(self) -> bool:
        return self.incident.escalations.running().exists()

    @cached_property
    def here(self) -> list[Presence]:
        return list(Presence.objects.here(self.incident, self.at))

    @cached_property
    def assignments(self) -> dict[str, Assignment]:
        rows = self.incident.assignments.filter(until=None).select_related("person")
        return {row.role: row for row in rows}

    @property
    def roles(self) -> list[tuple[Role, Assignment | None]]:
        return [(role, self.assignments.get(role)) for role in Role]

    @cached_property
    def clocks(self) -> list[Face]:
        holders = {role: row.person_name for role, row in self.assignments.items()}
        return faces_of(self.incident, self._clocks, holders, self.at)

    @cached_property
    def _clocks(self) -> list[Clock]:
        return list(self.incident.clocks.all())

    # The timeline

    @cached_property
    def _timeline(self) -> tuple[list[Line], bool]:
        most = MOST if self.is_whole else LATEST
        return lines_of(self.incident, self.runs, shows=self.shows, most=most)

    @property
    def lines(self) -> list[Line]:
        return self._timeline[0]

    @property
    def has_more(self) -> bool:
        return self._timeline[1]

    @cached_property
    def pinned(self) -> list[Line]:
        return pinned_of(self.incident)

    @property
    def filters(self) -> list[tuple[str, str]]:
        return [(key, words) for key, (words, _) in SHOWS.items()]

    # What belongs to it

    @cached_property
    def runs(self) -> list[Run]:
        rows = Run.objects.visible(self.user).filter(in_incident__incident=self.incident)
        rows = rows.select_related("runbook", "holder").prefetch_related("steps")
        return list(rows.order_by("-started_at"))

    @property
    def run_lines(self) -> list[tuple[Run, int, int]]:
        """Each run, how many of its steps are settled, and how many it has."""
        settled = (StepState.DONE, StepState.SKIPPED)
        lists = [(run, list(run.steps.all())) for run in self.runs]
        return [(run, sum(s.state in settled for s in steps), len(steps)) for run, steps in lists]

    @cached_property
    def alerts(self) -> list[tuple[IncidentAlert, Status | None]]:
        rows = self.incident.incident_alerts.select_related("alert")[:ALERTS_SHOWN]
        return [(row, status_of_alert(row.alert) if row.alert else None) for row in rows]

    @cached_property
    def more_alerts(self) -> int:
        if len(self.alerts) < ALERTS_SHOWN:
            return 0
        return self.incident.incident_alerts.count() - ALERTS_SHOWN

    @cached_property
    def services(self) -> list[tuple]:
        rows = self.incident.affected.select_related("service__owner")
        return [(row, IMPACT[Impact(row.impact)]) for row in rows]

    @cached_property
    def reach(self) -> Reach | None:
        slugs = sorted(row.service.slug for row, _ in self.services)
        if not slugs or not self.user.has_perm("architecture.view_service"):
            return None
        key = f"incident-reach-{sha256(' '.join(slugs).encode()).hexdigest()}"
        return caches["process"].get_or_set(key, lambda: _reach(slugs), REACH_KEPT)

    @cached_property
    def tasks(self) -> list[Task]:
        return list(self.incident.tasks.select_related("owner", "done_by"))

    @cached_property
    def links(self) -> list:
        return list(self.incident.links.all())

    @cached_property
    def related(self) -> list[Incident]:
        pairs = chain(
            self.incident.related_later.values_list("second", flat=True),
            self.incident.related_earlier.values_list("first", flat=True),
        )
        rows = Incident.objects.visible(self.user).filter(pk__in=[*pairs])
        return list(rows.order_by("-declared_at"))

    @cached_property
    def merged(self) -> list[Incident]:
        return list(self.incident.merged.visible(self.user))

    @cached_property
    def merged_into(self) -> Incident | None:
        """Unless this person may not know of it."""
        into = self.incident.merged_into
        return into if into and (not into.is_restricted or into.is_visible_to(self.user)) else None

    @cached_property
    def similar(self) -> list[tuple[Incident, Status]]:
        """Earlier ones with the same alerts or services, and how they ended."""
        names = {row.name for row, _ in self.alerts}
        services = [row.service_id for row, _ in self.services]
        rows = Incident.objects.visible(self.user)
        rows = rows.similar_to(self.incident, names=names, services=services)
        return [(each, status_of(each)) for each in rows[:SIMILAR]]

    @property
    def runbook(self):
        """That it was opened with, if no run of it was started yet."""
        version = self.incident.runbook_version
        if version is None or any(run.runbook_id == version.runbook_id for run in self.runs):
            return None
        return version

    @cached_property
    def suggested(self) -> list[Runbook]:
        """What one may follow, where it was opened without a runbook and none is followed."""
        incident = self.incident
        if not self.may_work or incident.is_over or incident.runbook_version_id or self.runs:
            return []
        services = sorted(row.service_id for row, _ in self.services)
        about = self.alerts[0][0].name if self.alerts else incident.title
        return suggestions(about, services, self.user)


def _reach(slugs: list[str]) -> Reach:
    graph, own = Graph.load(), set(slugs)
    found = [each for slug in slugs if slug in graph.services for each in graph.dependents(slug)]
    others = [each for each in found if each.service.slug not in own]
    hard = {each.service.slug: each.service.name for each in others if each.hard}
    soft = {each.service.slug for each in others} - hard.keys()
    return Reach(sorted(hard.items(), key=lambda pair: pair[1]), len(soft))
