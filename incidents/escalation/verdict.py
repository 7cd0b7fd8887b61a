"""A dry run in two sentences."""

from typing import NamedTuple

from django.conf import settings
from django.utils.text import get_text_list

from .contacts import is_night
from .dry_run import DryRun


class Verdict(NamedTuple):
    """How good it is (`ok`, `warn` or `bad`), and why."""

    tone: str
    title: str
    detail: str


def verdict(run: DryRun) -> Verdict:
    if run.is_ticket:
        title = f"{run.severity} is a ticket: nobody is called for it."
        return Verdict("ok", title, "Choose a severity that calls people.")
    reached = [line for line in run.lines if not line.is_skipped]
    if not reached:
        return Verdict("bad", "The policy reaches nobody.", _end(run))
    gaps = [*_gaps(run)]
    tone = "warn" if _is_weak(run) or gaps else "ok"
    tone = tone if _firsts(run)[0][1] else "bad"
    return Verdict(tone, _title(run), " ".join([*_target(run), *_sentence(gaps)]))


def _title(run: DryRun) -> str:
    """Who is reached at once, and when the next one is."""
    word = "woken" if is_night(run.at, settings.TIME_ZONE) else "reached"
    first, others = _firsts(run)
    who = first[1]
    count = "1 person is" if len(who) == 1 else f"{len(who)} people are"
    when = "at once" if first[0] == 0 else f"after {_minutes(first[0])}"
    if not who:
        return "Nobody is woken." if word == "woken" else "Nobody is certain to be reached."
    if not others:
        return f"{count} {word} {when}. Without an answer, nobody else is {word}."
    return f"{count} {word} {when}. Without an answer, the next after {_minutes(others[0][0])}."


def _firsts(run: DryRun) -> tuple[tuple[int, set], list[tuple[int, set]]]:
    """By minute, whom each wakes who was not woken before: the first one, and the others."""
    known: set = set()
    found: dict[int, set] = {}
    for line in run.lines:
        fresh = line.woken - known
        known |= fresh
        if fresh:
            found.setdefault(line.minute, set()).update(fresh)
    rows = list(found.items())
    return (rows[0], rows[1:]) if rows else ((0, set()), [])


def _is_weak(run: DryRun) -> bool:
    """Nobody at once, or nobody else within the time in which somebody has to answer twice."""
    first, others = _firsts(run)
    limit = 2 * (run.terms.get("acknowledge_minutes") or run.minutes)
    return not first[1] or first[0] > 0 or not others or others[0][0] > limit


def _target(run: DryRun) -> list[str]:
    minutes = run.terms.get("acknowledge_minutes")
    if not minutes:
        return []
    return [f"The target for {run.severity} is an answer within {_minutes(minutes)}."]


def _gaps(run: DryRun):
    aimed = [target for line in run.steps for target in line.aimed]
    nobody = sum(not target.reaches for target in aimed if target.called or target.why)
    if nobody:
        yield f"{nobody} of {len(aimed)} targets reach nobody"
    asleep = [t for t in aimed if t.reaches and not any(each.wakes for each in t.called)]
    if asleep:
        which = f"{len(asleep)} of {len(aimed)} targets"
        yield f"{which} get only messages that may fail or wake nobody"


def _sentence(parts: list[str]) -> list[str]:
    return [f"{get_text_list(parts, 'and')}."] if parts else []


def _end(run: DryRun) -> str:
    return f"All operators are called {'at once' if not run.minutes else 'in the end'} instead."


def _minutes(count: int) -> str:
    return "1 minute" if count == 1 else f"{count} minutes"
