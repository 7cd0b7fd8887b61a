"""What the verbs of this app refuse."""

from portal.core.problems import Conflict


class NotEnded(Conflict):
    """It is sent again only after it has ended, and while its text is kept."""

    code, title = "not-ended", "Still on its way"


class NotSigned(Conflict):
    """It has no secret that could be replaced."""

    code, title = "not-signed", "Not signed"
