"""The announced end of a route, in headers that programs can watch for."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.http import http_date


@dataclass(frozen=True)
class Deprecation:
    """That a route will go: `Deprecation` (RFC 9745) and `Sunset` (RFC 8594) headers.

    `successor` is the address of what replaces it, `policy` of the page that explains it.
    """

    since: datetime
    sunset: datetime
    successor: str = ""
    policy: str = ""

    def apply(self, headers) -> None:
        """Add the headers; links that the answer has already stay."""
        headers["Deprecation"] = f"@{int(self.since.timestamp())}"
        headers["Sunset"] = http_date(self.sunset.timestamp())
        links = {"successor-version": self.successor, "deprecation": self.policy}
        added = [f'<{url}>; rel="{name}"' for name, url in links.items() if url]
        if added:
            headers["Link"] = ", ".join(filter(None, [headers.get("Link", ""), *added]))
