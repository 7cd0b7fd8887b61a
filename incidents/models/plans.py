"""Going through a frozen plan: which step comes next, and after how long. No database."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, NamedTuple

WAIT = 5  # minutes, of plans that were frozen before policies said it

Plan = list[dict[str, Any]]


class Place(NamedTuple):
    """One step of one round of one policy of a plan, counted from 0."""

    stage: int
    round: int = 0
    step: int = 0


def first(plan: Plan) -> Place | None:
    """Where it begins; None: no policy has a step."""
    return _stage_from(plan, 0)


def step_at(plan: Plan, place: Place) -> dict[str, Any]:
    found: dict[str, Any] = plan[place.stage]["steps"][place.step]
    return found


def places(plan: Plan) -> list[Place]:
    """Each step once."""
    return [Place(n, 0, k) for n, stage in enumerate(plan) for k in range(len(stage["steps"]))]


def following(plan: Plan, place: Place) -> Place | None:
    """The next step: of this round, of the next round, of the next policy; None: it ends."""
    stage = plan[place.stage]
    if place.step + 1 < len(stage["steps"]):
        return place._replace(step=place.step + 1)
    if place.round + 1 < stage["rounds"]:
        return Place(place.stage, place.round + 1)
    return next_policy(plan, place)


def next_policy(plan: Plan, place: Place) -> Place | None:
    """The first step of the next policy that has steps."""
    return _stage_from(plan, place.stage + 1)


def _stage_from(plan: Plan, number: int) -> Place | None:
    found = (stage for stage in range(number, len(plan)) if plan[stage]["steps"])
    return next((Place(stage) for stage in found), None)


def pause(plan: Plan, place: Place) -> timedelta:
    """How long those of a step have to answer, until what follows it."""
    after, waits = following(plan, place), plan[place.stage].get("wait_minutes", WAIT)
    if after is None:
        return timedelta(minutes=waits)
    delay = step_at(plan, after)["delay_minutes"]
    if after.stage != place.stage:
        return timedelta(minutes=waits + delay)
    return timedelta(minutes=delay if after.round == place.round else waits)


def length(plan: Plan) -> timedelta:
    """The longest that all of it may take."""
    minutes = 0
    for stage in plan:
        delays = sum(step["delay_minutes"] for step in stage["steps"])
        minutes += stage["rounds"] * (delays + stage.get("wait_minutes", WAIT))
    return timedelta(minutes=minutes)


def turn(
    plan: Plan, place: Place | None, reaches: Callable[[Place], bool]
) -> tuple[list[Place], Place | None]:
    """From here to the first step that reaches anybody: what is skipped, and that step.

    No step is asked twice: when a whole round reaches nobody, the next policy follows. None: the
    plan has ended.
    """
    skipped: list[Place] = []
    asked: set[tuple[int, int]] = set()
    while place is not None:
        if (place.stage, place.step) in asked:
            place = next_policy(plan, place)
            continue
        asked.add((place.stage, place.step))
        if reaches(place):
            break
        skipped.append(place)
        place = following(plan, place)
    return skipped, place
