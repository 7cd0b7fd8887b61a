"""What a verb refuses, and what the person can do about it."""

from typing import Any

from portal.core.problems import Conflict, Forbidden, Refused, Stale


class WrongState(Conflict):
    """The verb does not fit the state that the version or runbook is in."""

    code = "wrong-state"
    title = "Not in this state"


class Settled(WrongState):
    """The step is not open any more; who wants to do it again reopens it first."""


class ApprovalMissing(WrongState):
    """The published text counts as approved by a restore; the new kind wants an approval of it."""

    code = "approval-missing"
    title = "Not approved for this kind"

    @classmethod
    def of(cls, shown: Any, kind: str) -> "ApprovalMissing":
        return cls(
            f"v{shown.number} is published with the approval of v{shown.restored_from}, and what "
            f"is “{kind}” needs one of its own. Save the text once more, let someone else approve "
            "it, publish it, and then change the kind.",
            pointer="/kind",
        )


class OwnWork(Forbidden):
    """Nobody approves what they wrote themselves."""

    code = "own-work"
    title = "Not one's own work"


class NameTaken(Conflict):
    """An alert name or address belongs to another runbook."""

    code = "name-taken"
    title = "Name already taken"


class StaleVersion(Stale):
    """Somebody saved a newer version meanwhile; carries all three texts for a merge."""

    code = "stale-version"
    title = "Someone saved a newer version"

    runbook: Any

    @classmethod
    def of(cls, row: Any, *, base: Any, theirs: Any, yours: Any) -> "StaleVersion":
        started = base.number if base else 0
        refusal = cls(
            f"You started from v{started}, but v{theirs.number} is the newest. "
            "Nothing is lost: compare both, merge, and save on top of the newest version.",
            current=theirs.etag,
            difference=row.compare_url(started or theirs.number, theirs.number),
        )
        refusal.runbook, refusal.base = row, base
        refusal.theirs, refusal.yours = theirs, yours
        return refusal


class BadValues(Refused):
    """Values of parameters that were refused; `wrong` says by name what was expected."""

    code = "bad-values"
    title = "Values not accepted"

    def __init__(self, wrong: dict[str, str]):
        self.wrong = wrong
        errors = [
            {"pointer": f"/parameters/{name}", "code": "invalid", "detail": detail}
            for name, detail in wrong.items()
        ]
        told = " ".join(f"{name}: {detail}" for name, detail in wrong.items())
        super().__init__(told, errors=errors)
