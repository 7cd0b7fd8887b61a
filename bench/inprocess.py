"""Processor time of one request through the whole WSGI stack: steadier than rates."""

import io
import random
import time

from django.core.handlers.wsgi import WSGIHandler

from bench.targets import KEEPERS, PAGES, SLOW, TARGETS

ROUNDS, REQUESTS = 5, 60


def timings(
    size: int, token: str, session: str, keeper: str, etag: str
) -> dict[str, dict[str, float]]:
    """name -> milliseconds of processor time per request, and the ratio of the floor's to it."""
    application = WSGIHandler()
    return {
        name: _timed(application, name, size, token, keeper if name in KEEPERS else session, etag)
        for name in TARGETS
    }


def _timed(application, name, size, token, session, etag) -> dict[str, float]:
    page, requests = name in PAGES, REQUESTS // (10 if name in SLOW else 1)
    headers = (
        {"HTTP_COOKIE": f"session={session}"} if page else {"HTTP_AUTHORIZATION": f"Bearer {token}"}
    )
    floor = (lambda n: f"/floor/{n}/") if page else (lambda n: f"/api/v1/floor/{n}/")
    own = headers | ({"HTTP_IF_NONE_MATCH": etag} if name == "detail 304" else {})
    pairs = [
        (
            _round(application, floor, headers, size, REQUESTS),
            _round(application, TARGETS[name], own, size, requests),
        )
        for _ in range(ROUNDS)
    ]
    floor_ms = sorted(pair[0] for pair in pairs)[ROUNDS // 2]
    own_ms = sorted(pair[1] for pair in pairs)[ROUNDS // 2]
    return {"cpu_ms": own_ms, "cpu_ratio": floor_ms / own_ms}


def _round(application, path_of, headers, size, requests) -> float:
    began = time.process_time()
    for _ in range(requests):
        _get(application, path_of(random.randint(1, size)), headers)
    return (time.process_time() - began) * 1000 / requests


def _get(application, path: str, headers: dict) -> None:
    path, _, query = path.partition("?")
    environ = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": "127.0.0.1",
        "HTTP_ACCEPT": "*/*",
        "wsgi.input": io.BytesIO(),
        "wsgi.url_scheme": "http",
        "wsgi.errors": io.StringIO(),
        **headers,
    }
    statuses = []
    response = application(environ, lambda status, _: statuses.append(status))
    for _ in response:
        pass
    response.close()
    if not statuses[0].startswith(("200", "304")):
        raise RuntimeError(f"{path} answered {statuses[0]}")
