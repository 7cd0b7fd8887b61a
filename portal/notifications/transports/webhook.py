"""One message, posted to a URL and signed after the Standard Webhooks specification.

https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

import base64
import json
import secrets
from collections.abc import Iterable
from datetime import datetime
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils import timezone
from standardwebhooks.webhooks import Webhook

from portal.core.outgoing import client, connections

from .message import Message, Refused, Unsent, digest

DEADLINE = 8.0  # seconds for the whole talk, from looking up the name to the end of the answer
LONGEST_URL = 2000
GONE = 410
PORTS = {b"https": 443, b"http": 80}
BYTES_OF_A_SECRET = 32
WRONG = "Use an address such as https://hooks.example.org/ops."

is_url = URLValidator(schemes=["https", "http"], message=WRONG)


def is_configured() -> bool:
    """It needs nothing but the network."""
    return True


def validate(address: str) -> None:
    if len(address) > LONGEST_URL:
        raise ValidationError(f"The address is longer than {LONGEST_URL} characters.")
    is_url(address)
    if not _has_port(address):
        raise ValidationError("A port is a number from 1 to 65535.")
    if "@" in urlsplit(address).netloc:
        raise ValidationError("Leave name and password out of the address: they are not sent.")
    _require_permitted(address)


def _require_permitted(address: str) -> None:
    """Of an address in figures; what a name leads to is looked up whenever something is sent."""
    try:
        target = client.target_of(address)
        port = target.port or PORTS[target.scheme]
        connections.require_literal(target.host.decode("ascii"), port)
    except connections.Refused as refusal:
        raise ValidationError(str(refusal)) from refusal


def _has_port(address: str) -> bool:
    """Whether its port is one, or that of its scheme."""
    try:
        return urlsplit(address).port != 0
    except ValueError:
        return False


def masked(address: str) -> str:
    """Scheme, host and port only: what follows them is often a secret."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2].lower()}"


def message_id(key: str, to: str) -> str:
    return f"msg_{digest(key, to)}"


def hand_over(message: Message) -> str:
    """Returns the status of an answer 2xx; raises Refused for 410 and Unsent for all others."""
    body = body_of(message)
    status = send(message.to, headers_of(message, body, timezone.now()), body, DEADLINE)
    if 200 <= status < 300:
        return str(status)
    if status == GONE:
        raise Refused("The address answered 410: it is gone.", str(status))
    raise Unsent(f"The address answered {status}.", str(status))


def body_of(message: Message) -> str:
    """The JSON that is sent: `type`, `timestamp` and `data`."""
    data = {
        "key": message.key,
        "subject": message.subject,
        "text": message.text,
        "urgency": message.urgency,
    }
    about = {"type": type_of(message.kind), "timestamp": message.created_at.isoformat()}
    return json.dumps({**about, "data": data}, ensure_ascii=False, separators=(",", ":"))


def type_of(kind: str) -> str:
    """The kind of message in words with full stops between them, as the specification has it."""
    return kind.replace("-", ".") or "message"


def headers_of(message: Message, body: str, at: datetime) -> dict[str, str]:
    """The id, the time of this attempt, and a signature by each secret that is valid."""
    return {
        "Content-Type": "application/json",
        "webhook-id": message.id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(_signatures(message, body, at)),
    }


def _signatures(message: Message, body: str, at: datetime) -> Iterable[str]:
    return (Webhook(secret).sign(message.id, at, body) for secret in message.secrets)


def new_secret() -> str:
    return "whsec_" + base64.b64encode(secrets.token_bytes(BYTES_OF_A_SECRET)).decode()


def preview(message: Message) -> str:
    """The headers and the body, which is on one line when it is sent."""
    body = body_of(message)
    headers = {**headers_of(message, body, message.created_at), "webhook-signature": "v1,…"}
    said = "\n".join(f"{name}: {value}" for name, value in headers.items())
    return f"{said}\n\n{json.dumps(json.loads(body), ensure_ascii=False, indent=2)}"


def send(url: str, headers: dict[str, str], body: str, deadline: float) -> int:
    """The status of the answer to this POST. The one place that connects.

    Raises Refused for where the portal may not connect to, and Unsent if there was no answer.
    """
    try:
        return client.post(url, headers, body.encode(), deadline)
    except connections.Refused as refusal:
        raise Refused(str(refusal)) from refusal
    except client.Unreached as failure:
        raise Unsent(str(failure)) from failure
