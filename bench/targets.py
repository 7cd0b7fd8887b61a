"""What is measured, with the budgets: addresses that the portal and its twin both answer."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from uuid import UUID

from bench import webhooks
from bench.counts import HEARTBEATS, OPEN_INCIDENTS
from bench.words import WORDS, own_word

ALL_DO = 50
MANY = 100_000
GROWTH = 1.2  # times slower at 100,000 than at 1,000, at most
QUERY_PART = 3  # times the raw query of the index, at most
IMPORT = 0.5  # of the floor, at least
IMPORT_MB = 200
LATENESS = 2.0  # seconds, of 99 of 100 steps of escalations, at most
OUTBOX = 1.2  # times the outbox without a dead channel, at most
LISTS_GROWTH = 1.3  # of lists of alerts and incidents
ROOM = 0.3  # of a page that shows nothing, at least
HEALTHCHECKS = "healthchecks"


def _nothing(n: int) -> str:
    return ""


@dataclass(frozen=True)
class Target:
    """One address for a number of a runbook, and how fast it has to be."""

    name: str
    path: Callable[[int], str]
    shows: Callable[[int], str]  # what an answer must contain; without it nothing was measured
    sends: Callable[[int], str] = _nothing  # what is posted there, as JSON
    times: int = 1  # how often
    by_token: bool = False
    unchanged: bool = False  # asked with the ETag of before, answered 304
    keeper: bool = False  # asked by somebody who may see how far people are
    least: float = 0  # the twin's processor time divided by ours, at least; 0: told only
    least_of_many: float = 0  # at MANY, if that differs
    growth: float = GROWTH
    reference: str = "twin"  # or another target of ours, or nothing;
    most: float = 0  # how many times as long as that other target it may take

    def budget(self, size: int) -> float:
        return self.least_of_many if self.least_of_many and size >= MANY else self.least


def _runbook(n: int) -> str:
    return f"/runbooks/runbook-{n}/"


def _word(n: int) -> str:
    return WORDS[n % 24]


DETAIL = "/api/v1/runbooks/runbook-{}/".format
TARGETS = [
    Target("API detail", DETAIL, lambda n: f"runbook-{n}", by_token=True, least=2),
    Target(
        "API detail, 304", lambda n: DETAIL(1), lambda n: "", by_token=True, unchanged=True, least=2
    ),
    Target(
        "API list of 50",
        lambda n: "/api/v1/runbooks/",
        lambda n: '"slug"',
        times=ALL_DO,
        by_token=True,
        least=2,
    ),
    Target("runbook page", _runbook, lambda n: f"trouble {n}</h1>", least=1.3),
    Target("list page", lambda n: "/runbooks/", lambda n: " trouble ", times=ALL_DO, least=1.3),
    Target(
        "search, rare word",
        lambda n: f"/search/?q={own_word(n)}",
        _runbook,
        least=1,
        least_of_many=10,
    ),
    Target(
        "search, common word",
        lambda n: f"/search/?q={_word(n)}",
        lambda n: "/runbooks/runbook-",
        times=20,
        growth=2,
    ),
    Target("home", lambda n: "/", lambda n: "/runbooks/runs/1/"),
    Target(
        "home to runbook page",
        lambda n: "/",
        lambda n: "/runbooks/runs/1/",
        reference="runbook page",
        most=3,
    ),
    Target("page of a run", lambda n: f"/runbooks/runs/{n}/", _runbook, least=1),
    Target(
        "page of a service",
        lambda n: f"/services/s{n % 5}/",
        lambda n: "/runbooks/runbook-",
        times=200,
        least=1,
    ),
    Target(
        "diagram, its page",
        lambda n: "/services/diagrams/network/?only=z0",
        lambda n: "/services/s",
        times=150,
        least=1,
    ),
    Target(
        "ping of a heartbeat",
        lambda n: f"/ping/{UUID(int=n % HEARTBEATS + 1)}",
        lambda n: "OK",
        least=0.5,
        growth=0,  # what a ping writes stays bounded, and there are as many at each size
    ),
    Target(
        "alerts now",
        lambda n: "/monitoring/alerts/",
        lambda n: "/monitoring/alerts/",
        times=ALL_DO,
        growth=LISTS_GROWTH,
        reference="",
    ),
    Target(
        "history of alerts",
        lambda n: "/monitoring/alerts/history/",
        lambda n: "/monitoring/alerts/",
        times=ALL_DO,
        growth=LISTS_GROWTH,
        reference="",
    ),
    Target(
        "API list of alerts",
        lambda n: "/api/v1/alerts/",
        lambda n: '"fingerprint"',
        times=ALL_DO,
        by_token=True,
        growth=LISTS_GROWTH,
        reference="",
    ),
    Target(
        "webhook of 10 alerts, repeated",
        lambda n: webhooks.PATH,
        lambda n: "ok",
        sends=webhooks.repeated,
        least=0.4,
        growth=0,
    ),
    Target(
        "webhook of 10 alerts, new ones",
        lambda n: webhooks.PATH,
        lambda n: "ok",
        sends=webhooks.unheard,
        growth=0,
    ),
    Target(
        "diagram, its picture",
        lambda n: "/services/diagrams/network.svg?only=z0",
        lambda n: "Service 149",
        least=1,
    ),
]


def _incidents(name: str, path: str, shows: str, times: int = 1, *, by_token: bool = True):
    """A list of incidents: the same with 100,000 that are over."""
    about = {"growth": LISTS_GROWTH, "reference": "", "by_token": by_token}
    return Target(name, lambda n: path, lambda n: shows, times=times, **about)


INCIDENTS = "/api/v1/incidents/"
TARGETS += [
    Target("signed-in floor", lambda n: "/bench/floor/", lambda n: "main", growth=0, reference=""),
    Target(
        "page of an incident",
        lambda n: f"/incidents/{n % OPEN_INCIDENTS + 1}/",
        lambda n: "is open",
        keeper=True,
        reference="signed-in floor",
        most=1 / ROOM,
    ),
    _incidents("list of incidents", "/incidents/", " incident ", ALL_DO, by_token=False),
    _incidents("list of incidents, no hits", "/incidents/?q=nowhere", "Nothing", by_token=False),
    _incidents("API list of incidents", INCIDENTS, '"title"', ALL_DO),
    _incidents("API list of incidents, open", f"{INCIDENTS}?state=open", '"title"', OPEN_INCIDENTS),
    _incidents(
        "API list of incidents, changed",
        f"{INCIDENTS}?changed_since=2100-01-01T00:00:00Z",
        '"results":[]',
    ),
    _incidents("API list of incidents, no hits", f"{INCIDENTS}?q=nowhere", '"results":[]'),
]

# For --more: how long they take and how they grow; they have no budget and no twin.
_MORE = [
    Target("compare", lambda n: f"{_runbook(n)}compare/1/1/", lambda n: f"trouble {n}"),
    Target("list of runs", lambda n: "/runbooks/runs/", lambda n: "/runbooks/runs/", times=ALL_DO),
    Target("API list of runs", lambda n: "/api/v1/runs/", lambda n: '"state"', by_token=True),
    Target("guide of 60 steps", lambda n: "/guides/first-weeks/", lambda n: "First weeks"),
    Target(
        "step of a guide",
        lambda n: f"/guides/first-weeks/steps/{UUID(int=n % 60 + 1)}/",
        lambda n: f"Step {n % 60}",
    ),
    Target(
        "API guide", lambda n: "/api/v1/guides/first-weeks/", lambda n: "first-weeks", by_token=True
    ),
    Target("all figures", lambda n: "/guides/figures/", lambda n: "First weeks", keeper=True),
    Target(
        "figures of a guide",
        lambda n: "/guides/first-weeks/figures/",
        lambda n: "First weeks",
        keeper=True,
    ),
]
# Only with --healthchecks, which says where it is.
BESIDE_HEALTHCHECKS = replace(
    next(each for each in TARGETS if each.name == "ping of a heartbeat"),
    name="ping, beside healthchecks",
    least=3,
    reference=HEALTHCHECKS,
)
MORE = [replace(target, reference="", growth=0) for target in _MORE]
NAMED = {target.name: target for target in (*TARGETS, *MORE)}
