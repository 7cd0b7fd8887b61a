"""How a message leaves the portal: a module for each way, found by the name of its transport."""

from . import mail, service, webhook
from .message import Message, Refused, Transport, Unsent

TRANSPORTS: dict[str, Transport] = {"mail": mail, "service": service, "webhook": webhook}

__all__ = ["TRANSPORTS", "Message", "Refused", "Transport", "Unsent", "configured"]


def configured() -> list[str]:
    """The names of the transports that can send now."""
    return [name for name, transport in TRANSPORTS.items() if transport.is_configured()]
