"""What every transport takes, answers and raises."""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol


class Unsent(Exception):
    """It was not taken, and is tried again; the text says why, without secrets.

    `answer`: what the other side said, if it said anything.
    """

    def __init__(self, why: str, answer: str = ""):
        super().__init__(why)
        self.answer = answer


class Refused(Unsent):
    """It will never be taken, as by an address that is gone: it is not tried again."""


@dataclass(frozen=True)
class Message:
    """One message for one target; the same at every attempt but for the secrets."""

    id: str  # for the receiver, who recognises a duplicate by it
    to: str = field(repr=False)  # an address or URL: it may have tokens in it
    key: str
    kind: str
    subject: str
    text: str
    urgency: str
    created_at: datetime
    leave: str = field(default="", repr=False)  # the address at which the receiver unsubscribes
    secrets: tuple[str, ...] = field(default=(), repr=False)  # that it is signed with


class Transport(Protocol):
    """A module of this folder: one way by which messages leave the portal."""

    def is_configured(self) -> bool:
        """Whether it can send at all; until then its messages wait."""

    def validate(self, address: str) -> None:
        """Raises ValidationError for what cannot be one of its addresses."""

    def masked(self, address: str) -> str:
        """The address as people may see it: nothing of it that is a secret."""

    def message_id(self, key: str, to: str) -> str:
        """The same for each attempt, so that a duplicate can be recognised."""

    def preview(self, message: Message) -> str:
        """The message as the other side gets it, for people to look at; without secrets."""

    def hand_over(self, message: Message) -> str:
        """Returns what the other side answered once it has taken the message.

        Raises Unsent or Refused, at the latest after a deadline for the whole talk that is
        shorter than the lease of a delivery.
        """


def digest(key: str, to: str) -> str:
    """The name of one event for one target."""
    return hashlib.sha256(f"{key}\n{to}".encode()).hexdigest()[:40]


def one_line(text: str) -> str:
    """The text without line breaks and control characters, as it may stand in a header."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
