"""How many requests are answered and how fast, for /metrics: of all processes of this machine;
and how long a large one may take to arrive.
"""

from collections.abc import Mapping
from time import perf_counter
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Histogram

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
REGISTRY = CollectorRegistry()  # of this process; portal/exporter.py joins those of all

answered = Counter(
    "portal_http_requests",
    "Requests that were answered, by method and status.",
    ("method", "status"),
    registry=REGISTRY,
)
took = Histogram(
    "portal_http_request_duration_seconds",
    "From the arrival of a request until its answer is ready.",
    buckets=SECONDS,
    registry=REGISTRY,
)


def give_time(environ: Mapping[str, Any], largest: int) -> None:
    """Let this request have the time of the largest body that it may have: it is somebody's whom
    we know. Only gunicorn's worker has deadlines (core/ops/deadlines.py).
    """
    connection = environ.get("gunicorn.socket")
    if hasattr(connection, "allow"):
        connection.allow(largest)


class Counted:
    """Count each request. No label comes from outside, so that there are few of them."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        began = perf_counter()
        response = self.get_response(request)
        method = request.method if request.method in METHODS else "other"
        answered.labels(method, str(response.status_code)).inc()
        took.observe(perf_counter() - began)
        return response
