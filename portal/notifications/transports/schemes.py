"""The services that messages may go to, and how their addresses look to people.

Those of apprise that talk HTTP through `requests` and nothing else: a guard can follow them.
"""

from typing import NamedTuple
from urllib.parse import urlsplit


class Service(NamedTuple):
    """A service as people know it; `is_own` if its address begins with a host of their own."""

    name: str
    is_own: bool = False


SERVICES = {
    "46elks": Service("46elks"),
    "bulksms": Service("BulkSMS"),
    "clicksend": Service("ClickSend"),
    "discord": Service("Discord"),
    "elks": Service("46elks"),
    "gchat": Service("Google Chat"),
    "gotify": Service("Gotify", is_own=True),
    "gotifys": Service("Gotify", is_own=True),
    "ilert": Service("ilert"),
    "matrix": Service("Matrix", is_own=True),
    "matrixs": Service("Matrix", is_own=True),
    "mmost": Service("Mattermost", is_own=True),
    "mmosts": Service("Mattermost", is_own=True),
    "msgbird": Service("MessageBird"),
    "nctalk": Service("Nextcloud Talk", is_own=True),
    "nctalks": Service("Nextcloud Talk", is_own=True),
    "nexmo": Service("Vonage"),
    "ntfy": Service("ntfy", is_own=True),
    "ntfys": Service("ntfy", is_own=True),
    "opsgenie": Service("Opsgenie"),
    "pagerduty": Service("PagerDuty"),
    "pbul": Service("Pushbullet"),
    "plivo": Service("Plivo"),
    "pover": Service("Pushover"),
    "rocket": Service("Rocket.Chat", is_own=True),
    "rockets": Service("Rocket.Chat", is_own=True),
    "seven": Service("seven.io"),
    "signal": Service("Signal", is_own=True),
    "signals": Service("Signal", is_own=True),
    "sinch": Service("Sinch"),
    "slack": Service("Slack"),
    "splunk": Service("Splunk On-Call"),
    "telnyx": Service("Telnyx"),
    "tgram": Service("Telegram"),
    "threema": Service("Threema"),
    "twilio": Service("Twilio"),
    "victorops": Service("Splunk On-Call"),
    "voipms": Service("VoIP.ms"),
    "vonage": Service("Vonage"),
    "webex": Service("Webex"),
    "workflow": Service("Microsoft Teams"),
    "workflows": Service("Microsoft Teams"),
    "wxteams": Service("Webex"),
    "zulip": Service("Zulip"),
}
NAMES = tuple(sorted({service.name for service in SERVICES.values()}, key=str.casefold))
LONGEST_TAIL, SHORTEST_SECRET = 4, 9  # what is shown of the end of a longer text


def shown(address: str) -> str:
    """The service and its host, or else the last four characters: enough to tell two apart."""
    scheme, _, _ = address.partition("://")
    try:
        parts = urlsplit(address)
        host, path = parts.hostname or "", parts.path.strip("/")
    except ValueError:
        return "a service"
    service = SERVICES.get(scheme.strip().lower())
    if service is None:
        return f"{host} {_tail(path)}".strip() or "a service"
    if service.is_own:
        # ntfy://topic is at ntfy.sh and rocket://token@host has the host later: tokens, not hosts
        begins_with_host = "@" in parts.netloc or (path and "@" not in path)
        return f"{service.name} at {host}" if host and begins_with_host else service.name
    end = path.rpartition("/")[2] or parts.netloc.rpartition("@")[2]
    return f"{service.name} {_tail(end)}".strip()


def _tail(text: str) -> str:
    end = text.rpartition("/")[2]
    return f"…{end[-LONGEST_TAIL:]}" if len(end) >= SHORTEST_SECRET else ""
