"""What the verbs of this app refuse."""

from portal.core.problems import Conflict


class Overtaken(Conflict):
    """Another engine took it over while this one stood still: what this one says is void."""

    code, title = "overtaken", "Taken over by another engine"


class NotEnded(Conflict):
    """It is sent again only after it has ended, and while its text is kept."""

    code, title = "not-ended", "Still on its way"
