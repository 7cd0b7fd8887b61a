"""One side in a process of its own: it reads an order in each line, and answers in one."""

import cProfile
import io
import json
import pstats
import sys
import time
from pathlib import Path
from sysconfig import get_path

from django.core.wsgi import get_wsgi_application

from bench.asking import NothingAnswered, check, get
from bench.clock import spent

LINES = 45
PLACE = f"{Path(__file__).resolve().parent.parent}/"
LIBRARIES = f"{get_path('purelib')}/"


def measured(application, order: dict) -> dict:
    """Milliseconds of processor time per request."""
    sent = order.get("sent") or [""] * len(order["paths"])
    began = spent()
    for path, content in zip(order["paths"], sent, strict=True):
        get(application, path, order["headers"], order["expected"], content)
    return {"ms": (spent() - began) * 1000 / len(order["paths"])}


def checked(application, order: dict) -> dict:
    return {"headers": check(application, order)}


def profiled(application, order: dict) -> dict:
    """The profile, in processor time, goes to stderr."""
    with cProfile.Profile(time.process_time) as profile:
        measured(application, order)
    text = io.StringIO()
    for by in ("tottime", "cumulative"):
        pstats.Stats(profile, stream=text).sort_stats(by).print_stats(LINES)
    print(text.getvalue().replace(PLACE, "").replace(LIBRARIES, ""), file=sys.stderr)
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
