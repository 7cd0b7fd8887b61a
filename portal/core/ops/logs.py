"""One JSON object a line on standard error: who, what, when (UTC)."""

import json
import logging
import re
from datetime import UTC, datetime

from portal.core.web.middleware import request_id

KNOWN = set(vars(logging.makeLogRecord({}))) | {
    "message",
    "asctime",
    "request_id",
    "request",
    "server_time",
}


# Addresses that are keys: of intakes, of heartbeats, and of what one person may do.
KEYED = (
    "in/(?:alertmanager|grafana|generic)|ping|monitoring/maintenance/feed|monitoring/rate"
    "|oncall/feed|incidents/ack|status/public/(?:confirm|leave)"
)
KEYS = re.compile(rf"(/(?:{KEYED})/)[^/\s\"'?&\\]+")


def masked(text: str) -> str:
    """The same without the keys that stand in addresses."""
    return KEYS.sub(r"\1…", text)


class IdentityFilter(logging.Filter):
    """Add the id of the request that is being answered, or was: Django tells of it afterwards."""

    def filter(self, record: logging.LogRecord) -> bool:
        told = getattr(record, "request", None)
        record.request_id = request_id.get() or getattr(told, "id", "")
        return True


class JSONFormatter(logging.Formatter):
    """JSON escapes line breaks and control characters, so a line stays one line."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            "request_id": getattr(record, "request_id", ""),
        }
        line |= {key: value for key, value in vars(record).items() if key not in KNOWN}
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return masked(json.dumps(line, default=str))
