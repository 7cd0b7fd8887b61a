"""What does not add up in the catalog."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format

from portal.architecture.diagrams.blocks import problems_of
from portal.architecture.models import ConfigurationItem, Service

from .graph import Graph

KINDS = {
    "cycle": ("Circles of hard dependencies", "If one of them stops, none of them starts again."),
    "rotation": (
        "Secrets past their rotation",
        "Whoever runs the service changes them; an operator notes the day.",
    ),
    "unowned": ("Services without an owner", "Somebody has to be asked when it breaks."),
    "port": ("Ways across zones without a port", "A firewall rule needs one."),
    "tier": ("Important services on less important ones", "Raise its tier or soften the need."),
    "document": ("Documents that name what is gone", "Correct the block, or bring it back."),
    "orphan": ("Orphaned services", "Nothing needs them and no runbook is about them. Still used?"),
}


@dataclass(frozen=True)
class Finding:
    """One thing that does not add up, and where to fix it."""

    code: str
    detail: str
    url: str
    services: tuple[str, ...] = ()

    @property
    def kind(self) -> str:
        return KINDS[self.code][0]

    @property
    def advice(self) -> str:
        return KINDS[self.code][1]


def findings(graph: Graph, *, on: date, user) -> list[Finding]:
    """All findings, in the order of KINDS; three queries beside those of the graph.

    Of documents only those that `user` may read.
    """
    found = [*_cycles(graph), *_ways(graph), *_services(graph), *_secrets(on)]
    found += _documents(graph, user)
    order = list(KINDS)
    return sorted(found, key=lambda each: (order.index(each.code), each.detail))


def _cycles(graph: Graph) -> Iterator[Finding]:
    for circle in graph.cycles():
        names = ", ".join(service.name for service in circle)
        slugs = tuple(service.slug for service in circle)
        yield Finding("cycle", f"{names} need each other.", circle[0].get_absolute_url(), slugs)


def _ways(graph: Graph) -> Iterator[Finding]:
    for row in graph.dependencies:
        if not row.target:
            continue
        url, both = row.source.get_absolute_url(), (row.source.slug, row.target.slug)
        names = f"{row.source.name} → {row.target.name}"
        crosses = row.source.zone_id and row.target.zone_id and row.source.zone != row.target.zone
        if crosses and not row.port:
            zones = f"{row.source.zone} to {row.target.zone}"
            yield Finding("port", f"{names}, {zones}: no port.", url, both)
        if row.hard and row.source.tier < row.target.tier:
            tiers = f"tier {row.source.tier} needs tier {row.target.tier}"
            yield Finding("tier", f"{names}: {tiers}.", url, both)


def _services(graph: Graph) -> Iterator[Finding]:
    used = {row.target.slug for row in graph.dependencies if row.target}
    used |= {row.source.slug for row in graph.dependencies}
    used |= {row.part_of.slug for row in graph.services.values() if row.part_of}
    with_runbooks = set(
        Service.objects.filter(runbooks__isnull=False).distinct().values_list("slug", flat=True)
    )
    for slug, service in graph.services.items():
        url = service.get_absolute_url()
        if service.owner is None:
            yield Finding("unowned", f"{service.name} has no owner.", url, (slug,))
        if slug not in used | with_runbooks and not service.part_of:
            yield Finding("orphan", f"{service.name} stands alone.", url, (slug,))


def _secrets(on: date) -> Iterator[Finding]:
    for item in ConfigurationItem.objects.rotated().select_related("service"):
        if item.is_overdue(on=on):
            due = (
                f"was due on {date_format(item.rotation_due, 'j M Y')}"
                if item.rotated_on
                else "never done"
            )
            url = f"{reverse('architecture:configuration')}?service={item.service.slug}"
            detail = f"{item.service.name}: rotation of {item.name} {due}."
            yield Finding("rotation", detail, url, (item.service.slug,))


def _documents(graph: Graph, user) -> Iterator[Finding]:
    """Published documents that this person may read, with a view that cannot be drawn."""
    runbooks: Any = Service._meta.get_field("runbooks").related_model._default_manager
    rows = runbooks.visible(user).current().filter(published__html__contains="data-catalog")
    for slug, title, html in rows.order_by().values_list("slug", "title", "published__html"):
        for problem in problems_of(html, graph):
            url = reverse("runbooks:detail", args=[slug])
            yield Finding("document", f"“{title}”: {problem}", url)
