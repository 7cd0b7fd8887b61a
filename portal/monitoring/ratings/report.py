"""The report of the noisiest alerts, for the page and the API: what is asked, and the answer."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from rest_framework.exceptions import ValidationError

from portal.accounts.models import Team
from portal.core.api.filters import among, choices, refuse_strangers, texts
from portal.monitoring.alerts.filters import of_service
from portal.monitoring.models import Alert

from .pairs import companions_of
from .statistics import Statistics, statistics_of
from .suggestions import ENOUGH, Advice, Suggestion, advice_on

RANGES, USUAL_RANGE = (7, 30, 90), 30  # days
USUAL_ORDER = "times"


@dataclass(frozen=True)
class Line:
    """One name: its statistics, and what to do about it."""

    statistics: Statistics
    advice: Advice

    @property
    def name(self) -> str:
        return self.statistics.name


ORDERS: dict[str, Callable[[Statistics], Any]] = {
    "times": lambda of: -of.times,
    "total": lambda of: -of.total,
    "median": lambda of: -of.median,
    "by_night": lambda of: -of.by_night,
    "acted_upon": lambda of: of.acted_share,  # what nobody acts upon comes first
    "muted": lambda of: -of.muted,
    "noise": lambda of: (-of.noise, of.useful),
    "useful": lambda of: (-of.useful, of.noise),
    "name": lambda of: of.name.casefold(),
}


class Report:
    """The alerts of each name that began in the last days, as a query string asks for them.

    Raises ValidationError for what cannot be understood.
    """

    def __init__(self, user, params, at: datetime):
        refuse_strangers(params, team=Team.objects.all())
        self.days = int(_one_of(params, "days", tuple(map(str, RANGES)), str(USUAL_RANGE)))
        self.order = _one_of(params, "order", tuple(ORDERS), USUAL_ORDER)
        self.suggestions = choices(params, "suggestion", Suggestion.values)
        self.at, self.since = at, at - timedelta(days=self.days)
        self.all_rows = Alert.objects.visible(user).since(self.since)
        rows = of_service(among(self.all_rows, params, name="name"), params)
        teams = texts(params, "team")
        self.rows = rows.of_team(*teams) if teams else rows

    @cached_property
    def lines(self) -> list[Line]:
        """In the order asked for, with the suggestions asked for."""
        wanted = self.suggestions or Suggestion.values
        shown = [each for each in self.all_lines if each.advice.suggestion in wanted]
        return sorted(shown, key=lambda line: ORDERS[self.order](line.statistics))

    @property
    def by_need(self) -> list[Line]:
        """The same, and what needs nobody comes last."""
        return sorted(self.lines, key=lambda line: not line.advice.suggestion.is_to_do)

    @cached_property
    def all_lines(self) -> list[Line]:
        """Whatever the suggestion; those that fired most first."""
        found = statistics_of(self.rows, self.since, self.at)
        is_enough = any(each.times >= ENOUGH for each in found)
        companions = companions_of(self.all_rows) if is_enough else {}
        return [Line(each, advice_on(each, companions.get(each.name))) for each in found]

    def count(self, suggestion: str) -> int:
        """How many names have it, whichever are shown."""
        return sum(line.advice.suggestion == suggestion for line in self.all_lines)


def _one_of(params, name: str, known: tuple[str, ...], usual: str) -> str:
    found = choices(params, name, known)
    if len(found) > 1:
        raise ValidationError({name: "Say it once."})
    return found[0] if found else usual
