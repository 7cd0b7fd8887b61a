"""Rounds of the portal and its reference in turns; what counts is the median of their pairs."""

import random
from dataclasses import dataclass, field
from statistics import median

from bench.asking import NothingAnswered
from bench.sides import Side
from bench.targets import NAMED, Target

MOST_REQUESTS = 60
PROBES = 3


@dataclass
class Asker:
    """One target at one side: the headers that worked and how many requests make a round."""

    side: Side
    target: Target
    size: int
    headers: dict
    requests: int = 1
    times: list[float] = field(default_factory=list)

    def prepare(self, seconds: float) -> None:
        """Be sure of the answers, and learn how long they take."""
        for n in (1, self.size // 2, self.size):
            self.headers = self._check(n)["headers"]
        took = min(self._measure(1) for _ in range(PROBES))
        self.requests = max(1, min(MOST_REQUESTS, round(seconds * 1000 / max(took, 0.001))))

    def round(self) -> None:
        self.times.append(self._measure(self.requests))

    def profile(self) -> None:
        self.side.ask("profile", **self._order(MOST_REQUESTS))

    @property
    def ms(self) -> float:
        return median(self.times)

    def _check(self, n: int) -> dict:
        own = {"path": self.target.path(n), "shows": self.target.shows(n)}
        own["sent"] = self.target.sends(n)
        headers = {k: v for k, v in self.headers.items() if k != "HTTP_IF_NONE_MATCH"}
        own |= {"times": self.target.times, "unchanged": self.target.unchanged, "headers": headers}
        return self.side.ask("check", **own)

    def _measure(self, requests: int) -> float:
        return self.side.ask("measure", **self._order(requests))["ms"]

    def _order(self, requests: int) -> dict:
        numbers = [random.randint(1, self.size) for _ in range(requests)]
        paths, sent = map(self.target.path, numbers), map(self.target.sends, numbers)
        expected = 304 if self.target.unchanged else 200
        about = {"headers": self.headers, "expected": expected}
        return about | {"paths": [*paths], "sent": [*sent]}


def measure(target: Target, sides: dict, people: dict, rounds: int, seconds: float) -> dict:
    """size -> ours and (if there is one) theirs in ms, the ratio and the growth; or an error."""
    sizes = sorted({size for size, _ in sides})
    askers = {size: _pair(target, sides, size, people) for size in sizes}
    try:
        for asker in (each for pair in askers.values() for each in pair):
            asker.prepare(seconds)
        for _ in range(rounds):
            for pair in askers.values():
                for asker in pair:
                    asker.round()
    except NothingAnswered as nothing:
        return {size: {"error": str(nothing)} for size in sizes}
    least = askers[sizes[0]][-1].times
    return {size: _figures(pair, least) for size, pair in askers.items()}


def _pair(target: Target, sides: dict, size: int, people: dict) -> list[Asker]:
    """The reference, if there is one, and then the portal."""
    ours = Asker(sides[size, "portal"], target, size, headers_for(target, "portal", people))
    if target.reference in NAMED:
        other = NAMED[target.reference]
        return [Asker(sides[size, "portal"], other, size, ours.headers), ours]
    if target.reference:
        headers = headers_for(target, target.reference, people)
        return [Asker(sides[size, target.reference], target, size, headers), ours]
    return [ours]


def headers_for(target: Target, side: str, people: dict) -> dict:
    """How a reader signs in there; the keeper, if they are asked for. Elsewhere nobody does."""
    if side not in people:
        return {}
    if target.by_token:
        scheme = "Bearer" if side == "portal" else "Token"
        return {"HTTP_AUTHORIZATION": f"{scheme} {people[side]['token']}"}
    who = "keeper" if target.keeper else "session"
    return {"HTTP_COOKIE": f"session={people[side][who]}"}


def _figures(pair: list[Asker], least: list[float]) -> dict:
    ours = pair[-1]
    told = {"ours_ms": ours.ms, "growth": median(_divided(ours.times, least))}
    if len(pair) > 1:
        told |= {"theirs_ms": pair[0].ms, "ratio": median(_divided(pair[0].times, ours.times))}
    return told


def _divided(above: list[float], below: list[float]) -> list[float]:
    return [a / b for a, b in zip(above, below, strict=True)]
