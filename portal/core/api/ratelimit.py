"""Requests per minute and caller, counted in each worker process.

Headers follow draft-ietf-httpapi-ratelimit-headers: `RateLimit-Policy` and `RateLimit`.
"""

import threading
import time

from rest_framework.exceptions import Throttled

WINDOW = 60
CALLERS_AT_MOST = 10_000


class OverLimit(Throttled):
    """Refused (429); `limits` are the headers that tell the limit."""

    def __init__(self, wait: int, limits: dict[str, str]):
        super().__init__(wait=wait)
        self.limits = limits


class Limiter:
    """A fixed window per caller; safe for threads, bounded in memory."""

    def __init__(self, name: str, quota: int):
        self.name, self.quota = name, quota
        self.lock = threading.Lock()
        self.seen: dict[str, tuple[float, int]] = {}  # in the order in which windows began

    def count(self, caller: str, now: float | None = None) -> tuple[int, int]:
        """Count one request; returns what remains (below zero: refuse) and seconds to the reset."""
        now = time.monotonic() if now is None else now
        with self.lock:
            began, used = self.seen.get(caller, (now, 0))
            if now - began >= WINDOW:
                began, used = now, 0
            if not used:
                self._begin(caller)
            self.seen[caller] = (began, used + 1)
        return self.quota - used - 1, max(1, round(began + WINDOW - now))

    def _begin(self, caller: str) -> None:
        """Make room for a new window: the oldest one goes, so that a crowd frees nobody else."""
        self.seen.pop(caller, None)
        if len(self.seen) >= CALLERS_AT_MOST:
            del self.seen[next(iter(self.seen))]

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
