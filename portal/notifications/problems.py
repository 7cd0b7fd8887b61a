"""What the verbs of this app refuse."""

from portal.core.problems import Conflict, DomainError, Refused


class NotEnded(Conflict):
    """It is sent again only after it has ended, and while its text is kept."""

    code, title = "not-ended", "Still on its way"


class NotSigned(Conflict):
    """It has no secret that could be replaced."""

    code, title = "not-signed", "Not signed"


class AlreadyVerified(Conflict):
    """There is no code to send or to type."""

    code, title = "already-verified", "Verified already"


class NotVerified(Conflict):
    """It gets its code and nothing else until its owner has typed that."""

    code, title = "not-verified", "Not verified yet"


class NotWaiting(Conflict):
    """It was sent, has failed or expired, or an engine has it in hand right now."""

    code, title = "not-waiting", "Not waiting any more"


class CodeOver(Conflict):
    """It came too late, or after too many wrong ones."""

    code, title = "code-over", "Code no longer valid"


class WrongCode(Refused):
    """Another one was sent."""

    code, title = "wrong-code", "Wrong code"


class TooManyCodes(DomainError):
    """So many were asked for that somebody may be pestered with them."""

    status, code, title, wait = 429, "too-many-codes", "Too many codes", 60
