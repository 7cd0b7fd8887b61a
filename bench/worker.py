"""One side in a process of its own: it reads an order in each line, and answers in one."""

import cProfile
import json
import pstats
import sys

from django.core.wsgi import get_wsgi_application

from bench.asking import NothingAnswered, check, get
from bench.clock import spent

LINES = 45


def measured(application, order: dict) -> dict:
    """Milliseconds of processor time per request."""
    began = spent()
    for path in order["paths"]:
        get(application, path, order["headers"], order["expected"])
    return {"ms": (spent() - began) * 1000 / len(order["paths"])}


def checked(application, order: dict) -> dict:
    return {"headers": check(application, order)}


def profiled(application, order: dict) -> dict:
    """The profile goes to stderr."""
    with cProfile.Profile() as profile:
        measured(application, order)
    pstats.Stats(profile, stream=sys.stderr).sort_stats("tottime").print_stats(LINES)
    pstats.Stats(profile, stream=sys.stderr).sort_stats("cumulative").print_stats(LINES)
    return {}


def queried(application, order: dict) -> dict:
    from bench import index  # models are there once the application is

    return index.compared(application, order)


VERBS = {"measure": measured, "check": checked, "profile": profiled, "compare": queried}


def main() -> None:
    application = get_wsgi_application()
    for line in sys.stdin:
        order = json.loads(line)
        try:
            answer = VERBS[order["verb"]](application, order)
        except NothingAnswered as nothing:
            answer = {"error": str(nothing)}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
