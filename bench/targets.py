"""What is measured: name -> the path for a number. PAGES are those signed in with a session."""

from uuid import UUID

from bench.words import WORDS

TARGETS = {
    "detail": lambda n: f"/api/v1/runbooks/runbook-{n}/",
    "detail 304": lambda n: "/api/v1/runbooks/runbook-1/",
    "list of 50": lambda n: "/api/v1/runbooks/",
    "search": lambda n: f"/search/?q=only{n}",
    "search common": lambda n: f"/search/?q={WORDS[n % 24]}",
    "runbook page": lambda n: f"/runbooks/runbook-{n}/",
    "list page": lambda n: "/runbooks/",
    "compare": lambda n: f"/runbooks/runbook-{n}/compare/1/1/",
    "service page": lambda n: f"/services/s{n % 150}/",
    "diagram 150": lambda n: "/services/diagrams/network/?only=z0",
    "list of runs": lambda n: "/runbooks/runs/",
    "API runs": lambda n: "/api/v1/runs/",
    "page of a run": lambda n: f"/runbooks/runs/{n}/",
    "guide of 60": lambda n: "/guides/first-weeks/",
    "step of a guide": lambda n: f"/guides/first-weeks/steps/{UUID(int=n % 60 + 1)}/",
    "API guide": lambda n: "/api/v1/guides/first-weeks/",
    "all figures": lambda n: "/guides/figures/",
    "guide figures": lambda n: "/guides/first-weeks/figures/",
}
PAGES = {"search", "search common", "runbook page", "list page", "compare"} | {
    *("service page", "diagram 150", "list of runs", "page of a run"),
    *("guide of 60", "step of a guide", "all figures", "guide figures"),
}
KEEPERS = {"all figures", "guide figures"}  # asked by somebody who may see how far people are
SLOW = {"guide figures"}  # of 10,000 people: a tenth of the requests say enough
