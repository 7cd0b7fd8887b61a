"""Requests per minute and caller, counted in all worker processes together.

Headers follow draft-ietf-httpapi-ratelimit-headers: `RateLimit-Policy` and `RateLimit`.
"""

import logging
import time
from functools import cache
from typing import Any

from django.conf import settings
from limits.storage import MemoryStorage, RedisStorage, Storage
from rest_framework.exceptions import Throttled

from .counts import CountFile

WINDOW = 60
AGAIN = 10  # seconds until Redis is asked once more

log = logging.getLogger(__name__)


class OverLimit(Throttled):
    """Refused (429); `limits` are the headers that tell the limit."""

    def __init__(self, wait: int, limits: dict[str, str]):
        super().__init__(wait=wait)
        self.limits = limits


class Counts:
    """What all processes share, and a count of this one for as long as that does not answer."""

    def __init__(self, shared: Storage):
        self.shared, self.own = shared, MemoryStorage()
        self.again_at = 0.0

    def count(self, key: str) -> tuple[int, float]:
        """Count one; returns how many there are in this window, and seconds to its end."""
        if time.monotonic() >= self.again_at:
            try:
                return _counted(self.shared, key)
            except self.shared.base_exceptions as error:
                self.again_at = time.monotonic() + AGAIN
                log.warning("Limits are counted in this process alone for now: %s", error)
        return _counted(self.own, key)

    def forget(self) -> None:
        self.shared.reset()
        self.own.reset()


def _counted(storage: Storage, key: str) -> tuple[int, float]:
    used = storage.incr(key, WINDOW)
    return used, storage.get_expiry(key) - time.time()


def impatient(url: str) -> RedisStorage:
    """Redis, for which no request waits long."""
    # A tenth of the time that a command takes to start: only portals with Redis wait for it.
    from redis.backoff import NoBackoff
    from redis.retry import Retry

    options: dict[str, Any] = {
        "socket_timeout": 0.5,
        "socket_connect_timeout": 0.5,
        "retry": Retry(NoBackoff(), 0),
    }
    return RedisStorage(url, key_prefix="portal-rate", **options)


@cache
def counts() -> Counts:
    """Those of this portal. Opened by the first request: then each process has its own file."""
    if settings.CACHE_URL:
        return Counts(impatient(settings.CACHE_URL))
    try:
        path = settings.DATA_DIR / "request-counts"
        return Counts(CountFile(path, secret=settings.SECRET_KEY))
    except OSError as error:
        log.warning("Limits are counted in each process alone: %s", error)
        return Counts(MemoryStorage())


class Limiter:
    """A fixed window per caller, safe for threads and processes."""

    def __init__(self, name: str, quota: int):
        self.name, self.quota = name, quota

    def count(self, caller: str) -> tuple[int, int]:
        """Count one request; returns what remains (below zero: refuse) and seconds to the reset."""
        used, left = counts().count(f"{self.name}/{caller}")
        return self.quota - used, max(1, round(left))

    def headers(self, remaining: int, reset: int) -> dict[str, str]:
        return {
            "RateLimit-Policy": f'"{self.name}";q={self.quota};w={WINDOW}',
            "RateLimit": f'"{self.name}";r={max(0, remaining)};t={reset}',
        }

    def check(self, caller: str) -> dict[str, str]:
        """The headers for this request; raises OverLimit (429) above the quota."""
        remaining, reset = self.count(caller)
        if remaining < 0:
            raise OverLimit(reset, self.headers(remaining, reset))
        return self.headers(remaining, reset)
