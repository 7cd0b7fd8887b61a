"""One message, handed to the mail server within a deadline."""

import smtplib
from email.utils import parseaddr
from queue import Empty, Queue
from threading import Thread
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.validators import validate_email

from portal.core.ops.checks import NO_MAIL

from .message import Message, Unsent, digest, one_line

DEADLINE = 8.0  # seconds for the whole talk, from looking up the name to the last answer
LONGEST_ANSWER = 150


def is_configured() -> bool:
    return settings.EMAIL_BACKEND not in ("", NO_MAIL)


def message_id(key: str, to: str) -> str:
    """The same for each attempt, so that a duplicate can be recognised (RFC 5322, 3.6.4)."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
    return f"<{digest(key, to)}@{domain or 'localhost'}>"


def validate(address: str) -> None:
    validate_email(address)


def masked(address: str) -> str:
    """As it is: an address is no secret."""
    return address


def preview(message: Message) -> str:
    return f"Subject: {one_line(message.subject)}\n\n{message.text}"


def hand_over(message: Message) -> str:
    """Returns the answer of the mail server that accepted it; raises Unsent, at the latest after
    DEADLINE.

    A talk that takes longer is left behind in its thread: whether the message was accepted is not
    known then, so it counts as unsent.
    """
    letter = EmailMessage(
        one_line(message.subject),
        message.text,
        to=[message.to],
        headers={"Message-ID": message.id, "Auto-Submitted": "auto-generated"} | _leaving(message),
    )
    outcome: Queue[Exception | str] = Queue()
    Thread(target=_talk, args=[letter, outcome], name="mail", daemon=True).start()
    try:
        result = outcome.get(timeout=DEADLINE)
    except Empty:
        raise Unsent(f"The mail server was not done within {DEADLINE:.0f} s.") from None
    if isinstance(result, Exception):
        raise Unsent(reason_of(result)) from result
    return result


def _leaving(message: Message) -> dict[str, str]:
    """What the mail program makes a button of: it posts there, and nobody signs in (RFC 8058)."""
    if not message.leave:
        return {}
    one_click = {"List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    is_https = message.leave.startswith("https://")  # else it may only be opened
    return {"List-Unsubscribe": f"<{message.leave}>", **(one_click if is_https else {})}


def _talk(letter: EmailMessage, outcome: Queue) -> None:
    """What went wrong, or the answer, into `outcome`; that the farewell fails is of no interest."""
    try:
        connection = get_connection()
        connection.open()
        said = _listening(connection)
        connection.send_messages([letter])
    except Exception as error:
        outcome.put(error)
        return
    outcome.put(said[-1] if said else "")
    try:
        connection.close()
    except (OSError, smtplib.SMTPException):
        return


def _listening(connection: Any) -> list[str]:
    """What the server will answer to the letters of this connection; nothing without SMTP.

    Django and smtplib throw the last answer away, in which the server says its own id of it.
    """
    said: list[str] = []
    if isinstance(server := getattr(connection, "connection", None), smtplib.SMTP):
        plain = server.data

        def data(content):
            code, answer = plain(content)
            said.append(_shown(code, answer))
            return code, answer

        server.data = data  # type: ignore[method-assign]
    return said


def reason_of(error: Exception) -> str:
    """A sentence for people: what the mail server answered, or why there was no answer."""
    match error:
        case smtplib.SMTPAuthenticationError():
            return f"The mail server refused the sign-in ({error.smtp_code})."
        case smtplib.SMTPRecipientsRefused():
            return _answer(*next(iter(error.recipients.values())))
        case smtplib.SMTPResponseException():
            return _answer(error.smtp_code, error.smtp_error)
        case TimeoutError() | smtplib.SMTPServerDisconnected(__context__=TimeoutError()):
            return "The mail server did not answer in time."
        case smtplib.SMTPServerDisconnected():
            return "The mail server hung up."
        case OSError():
            return f"The mail server cannot be reached ({error.strerror or type(error).__name__})."
    return f"The message could not be sent ({type(error).__name__})."


def _answer(code: int, said: bytes | str) -> str:
    return f"The mail server answered {_shown(code, said)}"


def _shown(code: int, said: bytes | str) -> str:
    text = said.decode(errors="replace") if isinstance(said, bytes) else said
    return f"{code} {one_line(text)[:LONGEST_ANSWER]}".strip()
