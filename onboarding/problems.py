"""What a verb of onboarding refuses, and what the person can do about it."""

from portal.core.problems import Conflict, Stale


class WrongState(Conflict):
    """The verb does not fit the state that the guide, the progress or the report is in."""

    code = "wrong-state"
    title = "Not in this state"


class StaleGuide(Stale):
    """Somebody changed the guide meanwhile; `theirs` is the guide as it stands now."""

    code = "stale-guide"


class StaleQuestion(Stale):
    """Somebody changed the answer meanwhile; `theirs` is the question as it stands now."""

    code = "stale-question"
