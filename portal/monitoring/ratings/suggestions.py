"""What to do about an alert that has a name: raise, lower, merge, delete, rate or keep it,
and why.

The first rule that fits decides. Each says its reason in one sentence, with the numbers.
"""

from collections.abc import Callable
from typing import NamedTuple

from django.db.models import TextChoices

from .counts import NIGHT_BEGINS, NIGHT_ENDS
from .pairs import WITHIN, Companion
from .statistics import Statistics

ENOUGH = 5  # times that it fired, before anything is said of it
ENOUGH_RATINGS = 2  # before ratings decide anything
ENOUGH_NIGHTS = 3  # times by night, before nights decide anything
OFTEN = 10  # times, before it counts that hardly anybody acts upon it
ALWAYS = 0.9  # this share, or more
HARDLY_EVER = 0.1  # this share, or less
NIGHT = f"between {NIGHT_BEGINS}:00 and {NIGHT_ENDS:02}:00"


class Suggestion(TextChoices):
    """What would make the alerts of a name better."""

    DELETE = "delete", "Delete"
    MERGE = "merge", "Merge"
    LOWER = "lower", "Lower"
    RAISE = "raise", "Raise"
    RATE = "rate", "Rate it"
    KEEP = "keep", "Keep"
    NONE = "none", "No suggestion"

    @property
    def is_to_do(self) -> bool:
        """Whether somebody has something to do."""
        return self not in (Suggestion.KEEP, Suggestion.NONE)


class Advice(NamedTuple):
    """A suggestion, and its reason."""

    suggestion: Suggestion
    reason: str
    merge_with: str = ""  # the other name


Rule = Callable[[Statistics, Companion | None], Advice | None]


def advice_on(found: Statistics, companion: Companion | None) -> Advice:
    if found.times < ENOUGH:
        return Advice(Suggestion.NONE, f"Fired {_times(found.times)}: too seldom to say more.")
    fitting = (rule(found, companion) for rule in RULES)
    return next(filter(None, fitting), Advice(Suggestion.KEEP, _worth(found)))


def _delete(found: Statistics, companion: Companion | None) -> Advice | None:
    """Nobody acts upon it, and who rated it called it noise."""
    if found.acted_upon or found.useful or found.noise < ENOUGH_RATINGS:
        return None
    reason = f"Fired {_times(found.times)}, nobody acted upon it; rated noise {found.noise} of"
    return Advice(Suggestion.DELETE, f"{reason} {_times(found.rated)}.")


def _merge(found: Statistics, companion: Companion | None) -> Advice | None:
    """It says what another one says at the same time."""
    if companion is None or companion.times < ENOUGH:
        return None
    if companion.together < ALWAYS * companion.times:
        return None
    minutes = int(WITHIN.total_seconds()) // 60
    reason = f"{companion.together} of {_times(companion.times)} within {minutes} minutes of"
    where = f"{companion.name}: merge the rules in the tool that sends them."
    return Advice(Suggestion.MERGE, f"{reason} {where}", companion.name)


def _lower(found: Statistics, companion: Companion | None) -> Advice | None:
    """It wakes people who let it wait until the morning, or do nothing."""
    if not found.is_urgent:
        return None
    if found.by_night >= ENOUGH_NIGHTS and not found.acted_by_night:
        reason = f"Urgent, fired {_times(found.by_night)} {NIGHT}, never acted upon at night."
        return Advice(Suggestion.LOWER, reason)
    if found.times >= OFTEN and found.acted_share <= HARDLY_EVER:
        return Advice(Suggestion.LOWER, f"Urgent, but {_acted(found)}.")
    return None


def _raise(found: Statistics, companion: Companion | None) -> Advice | None:
    """It may wait by its severity, and people do not let it wait."""
    if found.is_urgent:
        return None
    if found.acted_share >= ALWAYS:
        return Advice(Suggestion.RAISE, f"Not urgent, but {_acted(found)}.")
    if found.rated > ENOUGH_RATINGS and found.useful >= ALWAYS * found.rated:
        reason = f"Not urgent, but rated useful {found.useful} of {_times(found.rated)}."
        return Advice(Suggestion.RAISE, reason)
    return None


def _rate(found: Statistics, companion: Companion | None) -> Advice | None:
    """It is ignored, and nobody said why."""
    if found.acted_upon or found.rated:
        return None
    reason = f"Fired {_times(found.times)}, nobody acted upon it and nobody rated it:"
    return Advice(Suggestion.RATE, f"{reason} rate it useful or noise.")


RULES: tuple[Rule, ...] = (_delete, _merge, _lower, _raise, _rate)


def _worth(found: Statistics) -> str:
    rated = f"; rated useful {found.useful} of {_times(found.rated)}" if found.rated else ""
    return f"{_acted(found).capitalize()}{rated}."


def _acted(found: Statistics) -> str:
    return f"acted upon {found.acted_upon} of {_times(found.times)}"


def _times(count: int) -> str:
    return f"{count} time{'' if count == 1 else 's'}"
