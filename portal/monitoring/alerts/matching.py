"""Which service and which runbook alerts are about: all of a delivery in a few queries."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.db.models.functions import Lower

from portal.architecture.models import Service
from portal.monitoring.models import Intake
from runbooks.models import AlertName, Runbook
from runbooks.models.names import Address

from .reports import Report

BY_DEFAULT = "the intake’s own service"
BY_ADDRESS = "runbook_url"
BY_NAME = "the name of the alert"
RUNBOOK, ALERT = "/runbooks/", "/r/alert/"  # what stands before a slug, and before an alert name


@dataclass(frozen=True)
class Match:
    """What was found for one report, each with what named it."""

    service: Service | None = None
    service_by: str = ""
    runbook: Runbook | None = None
    runbook_by: str = ""
    runbook_url: str = ""


@dataclass
class Matching:
    """Finds for many reports at once."""

    intake: Intake | None
    services: dict[str, Service] = field(default_factory=dict)
    by_slug: dict[str, Runbook] = field(default_factory=dict)
    by_alert: dict[str, Runbook] = field(default_factory=dict)

    @classmethod
    def of(cls, intake: Intake | None, reports: Sequence[Report]) -> "Matching":
        """Reads all that these reports name: the same number of queries for one or a thousand."""
        found = cls(intake)
        found.services = _services({value for each in reports for _, value in found._named(each)})
        links = [path for each in reports if (path := own_path(each.runbook_url))]
        found.by_slug = _runbooks_at({slug for path in links if (slug := _after(RUNBOOK, path))})
        names = {each.name for each in reports}
        found.by_alert = _answering(names | {_after(ALERT, path) for path in links})
        return found

    def match(self, report: Report) -> Match:
        service, service_by = self._service(report)
        runbook, runbook_by, outside = self._runbook(report)
        return Match(service, service_by, runbook, runbook_by, outside)

    def _named(self, report: Report) -> list[tuple[str, str]]:
        """The labels that may name a service, in the order in which they are tried."""
        names = self.intake.service_labels if self.intake else ["service"]
        names = dict.fromkeys(["service", *names])
        return [(name, report.labels[name]) for name in names if report.labels.get(name)]

    def _service(self, report: Report) -> tuple[Service | None, str]:
        for name, value in self._named(report):
            if service := self.services.get(value.strip().lower()):
                return service, f"label {name}={value}"[:200]
        default = self.intake.default_service if self.intake else None
        return (default, BY_DEFAULT) if default else (None, "")

    def _runbook(self, report: Report) -> tuple[Runbook | None, str, str]:
        """By its address if it is one of ours, else by the name; other addresses are kept."""
        path = own_path(report.runbook_url)
        linked = self.by_slug.get(_after(RUNBOOK, path)) or self._answering(_after(ALERT, path))
        if linked:
            return linked, BY_ADDRESS, ""
        outside = report.runbook_url if is_link(report.runbook_url) and not path else ""
        found = self._answering(report.name)
        return found, BY_NAME if found else "", outside

    def _answering(self, name: str) -> Runbook | None:
        return self.by_alert.get(name) or self.by_alert.get(name.lower())


def is_link(address: str) -> bool:
    """Whether it may be shown as a link: nothing but the web."""
    return address.lower().startswith(("https://", "http://"))


def own_path(address: str) -> str:
    """The path of an address of this portal; empty for any other."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    own = urlsplit(settings.ADDRESS).netloc.lower()
    return parts.path if parts.netloc.lower() == own or address.startswith("/") else ""


def _after(prefix: str, path: str) -> str:
    """What stands between two slashes after a prefix."""
    found = path.partition(prefix)
    return unquote(found[2]).strip("/").partition("/")[0] if not found[0] and found[1] else ""


def _services(values: Iterable[str]) -> dict[str, Service]:
    """By slug and by name, in any case; a slug comes first."""
    wanted = {value.strip().lower() for value in values}
    if not wanted:
        return {}
    rows = Service.objects.select_related("owner").order_by("-pk")
    named = rows.annotate(lower=Lower("name")).filter(lower__in=wanted)
    found: dict[str, Service] = {row.name.lower(): row for row in named}
    return found | {row.slug: row for row in rows.filter(slug__in=wanted)}


def _runbooks_at(slugs: Iterable[str]) -> dict[str, Runbook]:
    """Runbooks that readers see, by their addresses of now and before."""
    slugs = set(slugs)
    if not slugs:
        return {}
    seen = Runbook.objects.current().published()
    found = {row.slug: row for row in seen.filter(slug__in=slugs)}
    if missing := slugs - found.keys():
        rows = Address.objects.filter(slug__in=missing, runbook__in=seen).select_related("runbook")
        found |= {row.slug: row.runbook for row in rows}
    return found


def _answering(names: Iterable[str]) -> dict[str, Runbook]:
    """As `Runbook.objects.answering` finds them; tools differ in upper and lower case."""
    wanted = {name for name in names if name}
    rows = AlertName.objects.filter(runbook__in=Runbook.objects.current().published())
    rows = rows.annotate(lower=Lower("name")).select_related("runbook").order_by("-pk")
    found: dict[str, Runbook] = {}
    for row in rows.filter(lower__in={name.lower() for name in wanted}):
        found[row.name.lower()] = row.runbook
        found[row.name] = row.runbook
    return found
