"""The facets of the runbook list: what can be chosen, how many each choice would show."""

from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import or_
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q

from portal.accounts.models import Team
from portal.architecture.models import Service
from portal.core.web.days import days
from runbooks.models import Kind, Lesson, Runbook, Section, State, Version
from runbooks.models.last_runs import taught
from runbooks.models.runbook import REVIEW_SOON

OPTIONS_AT_MOST = 12
LABELS = {
    "attention": "Needs attention",
    "last_run": "Last run",
    "kind": "Kind",
    "section": "Section",
    "service": "Service",
    "owner": "Owner",
    "state": "State",
}
STATES = {
    "published": "Published",
    "draft": "Draft",
    "in_review": "In review",
    "archived": "Archived",
}
ATTENTION = {
    "overdue": "Review overdue",
    "soon": f"Review within {days(REVIEW_SOON.days)}",
    "asked": "Review asked",
    "unowned": "No owner",
}
FOR_AUTHORS = {"draft", "in_review"}
COLUMNS = {"kind": "kind", "section": "section", "service": "services", "owner": "owner"}
# Named by slug in the address, counted by their keys.
NAMED: dict[str, Any] = {
    "service": Service,
    "owner": Team,
}
KNOWN = {
    "kind": dict(Kind.choices),
    "section": dict(Section.choices),
    "state": STATES,
    "attention": ATTENTION,
    "last_run": dict(Lesson.choices),
}
TESTED = ("state", "attention", "last_run")


@dataclass(frozen=True)
class Option:
    """One choice of a facet, and how many runbooks it would show."""

    value: str
    label: str
    count: int
    chosen: bool


@dataclass(frozen=True)
class Facet:
    """A group of choices; several chosen ones mean any of them."""

    name: str
    options: list[Option]

    @property
    def label(self) -> str:
        return LABELS[self.name]


@dataclass(frozen=True)
class Chip:
    """A choice that was made, and the address without it."""

    facet: str
    label: str
    without: str


@dataclass(frozen=True)
class Selection:
    """What a reader chose, and what they may see. Choices that do not exist are left out."""

    chosen: dict[str, tuple[str, ...]]
    drafts: bool
    on: date

    @classmethod
    def of(cls, parameters, *, user, on: date) -> "Selection":
        drafts = user.has_perm("runbooks.view_version")
        chosen = {name: _known(name, parameters.getlist(name), drafts) for name in LABELS}
        return cls(chosen, drafts, on)

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """(facet, value) of each choice, as they stand in the address."""
        return [(name, value) for name, values in self.chosen.items() for value in values]

    def address(self, *, without: tuple[str, str] | None = None, **more: str) -> str:
        """The query string of these choices."""
        return urlencode([*(pair for pair in self.pairs if pair != without), *more.items()])

    @property
    def key(self) -> tuple:
        """Equal for equal answers, as long as no runbook changes."""
        return self.pairs, self.drafts, self.on

    def narrowed(self, rows, *, but: str = ""):
        """The rows that match all facets, `but` one.

        Where nothing is chosen, documents about the portal itself are listed apart.
        """
        conditions = [self._condition(name) for name in LABELS if name != but]
        rows = rows.filter(*[condition for condition in conditions if condition])
        return rows if but or self.pairs else rows.beside_portal()

    def _condition(self, name: str) -> Q:
        values = self.chosen[name]
        if name == "state" and not values:
            return Q(archived_at=None)
        if name in TESTED:
            return reduce(or_, (_meaning(value, self.on) for value in values), Q())
        if name == "service":
            tagged = Runbook.services.through.objects.filter(service__slug__in=values)
            return Q(pk__in=tagged.values("runbook_id")) if values else Q()
        column = "owner__slug" if name == "owner" else COLUMNS[name]
        return Q(**{f"{column}__in": values}) if values else Q()

    def chips(self, facets: list[Facet], **more: str) -> list[Chip]:
        """The choices that were made, in the words of the facets."""
        return [
            Chip(facet.label, option.label, f"?{self.address(without=pair, **more)}")
            for facet in facets
            for option in facet.options
            if (pair := (facet.name, option.value)) in self.pairs
        ]

    def facets(self, rows) -> list[Facet]:
        """Each facet with the counts that a further choice in it would give."""
        return [Facet(name, self._options(name, rows)) for name in LABELS]

    def _options(self, name: str, rows) -> list[Option]:
        rows = self.narrowed(rows, but=name)
        counted = self._counted(name, rows) if name in COLUMNS else self._tested(name, rows)
        chosen, labels = self.chosen[name], KNOWN.get(name, {})
        missing = {value: (labels.get(value, value), 0) for value in chosen if value not in counted}
        options = [
            Option(value, label, count, value in chosen)
            for value, (label, count) in {**counted, **missing}.items()
        ]
        shown = enumerate(options)
        return [each for place, each in shown if each.chosen or place < OPTIONS_AT_MOST]

    def _counted(self, name: str, rows) -> dict[str, tuple[str, int]]:
        column = COLUMNS[name]
        groups = rows.filter(**{f"{column}__isnull": False}).order_by().values_list(column)
        counts = dict(groups.annotate(number=Count("pk")))
        found = [(value, label, counts[key]) for key, value, label in _named(name, counts)]
        found.sort(key=lambda option: (-option[2], option[1]))
        return {value: (label, number) for value, label, number in found}

    def _tested(self, name: str, rows) -> dict[str, tuple[str, int]]:
        options = {
            value: label
            for value, label in KNOWN[name].items()
            if self.drafts or value not in FOR_AUTHORS
        }
        counts = rows.aggregate(
            **{value: Count("pk", filter=_meaning(value, self.on)) for value in options}
        )
        return {value: (label, counts[value]) for value, label in options.items()}


def _named(name: str, keys):
    """(key, value in the address, label) of what was counted."""
    if name in NAMED:
        return NAMED[name].objects.filter(pk__in=keys).order_by().values_list("pk", "slug", "name")
    return [(key, key, KNOWN[name].get(key, key)) for key in keys]


def _known(name: str, values: list[str], drafts: bool) -> tuple[str, ...]:
    """The values in one order and each once; those of owner and service are not checked."""
    allowed = KNOWN.get(name)
    hidden = set() if drafts else FOR_AUTHORS
    known = {value for value in values if value in allowed} if allowed else set(values)
    slugs = {
        value for value in known - hidden if value and len(value) <= 60 and "\x00" not in value
    }
    return tuple(sorted(slugs)[:OPTIONS_AT_MOST])


def _meaning(value: str, on: date) -> Q:
    """What a choice of the TESTED facets stands for."""
    if value in Lesson.values:
        return taught(value, on=on)
    current = Q(archived_at=None)
    return {
        "published": current & Q(published__isnull=False),
        "draft": current & _with_version(State.DRAFT),
        "in_review": current & _with_version(State.IN_REVIEW),
        "archived": Q(archived_at__isnull=False),
        "overdue": Q(review_due__lt=on),
        "soon": Q(review_due__gte=on, review_due__lt=on + REVIEW_SOON),
        "asked": ~Q(review_asked=""),
        "unowned": Q(owner=None),
    }[value]


def _with_version(state: str) -> Q:
    return Q(pk__in=Version.objects.filter(state=state).values("runbook_id"))
