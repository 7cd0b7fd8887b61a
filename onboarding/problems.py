"""What a verb of onboarding refuses, and what the person can do about it."""

from portal.core.problems import Conflict, Stale


class WrongState(Conflict):
    """The verb does not fit the state that the guide, the progress or the report is in."""

    code = "wrong-state"
    title = "Not in this state"


class StaleGuide(Stale):
    """Somebody changed the guide meanwhile; what was sent is not applied, and nothing is lost."""

    code = "stale-guide"
    title = "Changed meanwhile"

    def __init__(self, guide):
        self.guide = guide
        super().__init__(
            f"“{guide}” was changed meanwhile (revision {guide.revision}). "
            "Look at it as it is now, and apply your change again.",
            current=guide.etag,
            difference=guide.get_absolute_url(),
        )


class StaleQuestion(Stale):
    """Somebody changed the answer meanwhile; `question` is as it stands now."""

    code = "stale-question"
    title = "Changed meanwhile"

    def __init__(self, question):
        self.question = question
        super().__init__(
            f"“{question}” was changed meanwhile. "
            "Look at it as it is now, and apply your change again.",
            current=question.etag,
            difference=question.get_absolute_url(),
        )
