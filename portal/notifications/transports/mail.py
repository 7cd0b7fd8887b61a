"""One message, handed to the mail server within a deadline."""

import hashlib
import smtplib
from email.utils import parseaddr
from queue import Empty, Queue
from threading import Thread

from django.conf import settings
from django.core.mail import EmailMessage, get_connection

from portal.core.ops.checks import NO_MAIL

DEADLINE = 8.0  # seconds for the whole talk, from looking up the name to the last answer
LONGEST_ANSWER = 150


class Unsent(Exception):
    """The mail server did not take it; the text says why, without addresses of ours or secrets."""


def is_configured() -> bool:
    return settings.EMAIL_BACKEND not in ("", NO_MAIL)


def message_id(key: str, to: str) -> str:
    """The same for each attempt, so that a duplicate can be recognised (RFC 5322, 3.6.4)."""
    name = hashlib.sha256(f"{key}\n{to}".encode()).hexdigest()[:40]
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
    return f"<{name}@{domain or 'localhost'}>"


def one_line(text: str) -> str:
    """The text without line breaks and control characters, as it may stand in a header."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def hand_over(*, key: str, to: str, subject: str, text: str) -> None:
    """Returns when the mail server has accepted it; raises Unsent, at the latest after DEADLINE.

    A talk that takes longer is left behind in its thread: whether the message was accepted is not
    known then, so it counts as unsent.
    """
    message = EmailMessage(
        one_line(subject),
        text,
        to=[to],
        headers={"Message-ID": message_id(key, to), "Auto-Submitted": "auto-generated"},
    )
    outcome: Queue[Exception | None] = Queue()
    Thread(target=_talk, args=[message, outcome], name="mail", daemon=True).start()
    try:
        error = outcome.get(timeout=DEADLINE)
    except Empty:
        raise Unsent(f"The mail server was not done within {DEADLINE:.0f} s.") from None
    if error is not None:
        raise Unsent(reason_of(error)) from error


def _talk(message: EmailMessage, outcome: Queue) -> None:
    """What went wrong, or None, into `outcome`; that the farewell fails is of no interest."""
    try:
        connection = get_connection()
        connection.open()
        connection.send_messages([message])
    except Exception as error:
        outcome.put(error)
        return
    outcome.put(None)
    try:
        connection.close()
    except (OSError, smtplib.SMTPException):
        return


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
    text = said.decode(errors="replace") if isinstance(said, bytes) else said
    return f"The mail server answered {code} {one_line(text)[:LONGEST_ANSWER]}".strip()
