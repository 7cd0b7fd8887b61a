"""Two people saved on top of the same version: both texts, and one made of the two."""

from dataclasses import dataclass

from portal.core.comparing import Choice, Merge, merge
from runbooks.models import Runbook, Version

from .forms import version_numbered, with_endings_of

CHOICES = ("theirs", "yours", "both")
PICKED = "choice-"  # and the number of the conflict: how a page names a choice


@dataclass
class Conflict:
    """What a merge page shows and sends back; `text` is what stands in its editor."""

    runbook: Runbook
    base: Version | None
    theirs: Version
    merge: Merge
    choices: dict[int, Choice]
    text: str

    @classmethod
    def found(cls, stale) -> "Conflict":
        """From the refusal of a stale save."""
        merged = merge(stale.base.text if stale.base else "", stale.theirs.text, stale.yours)
        return cls(stale.runbook, stale.base, stale.theirs, merged, {}, merged.merged_text)

    @classmethod
    def chosen(cls, runbook, data) -> "Conflict | None":
        """From the page itself, after somebody chose; None if its versions do not exist.

        `data` has `based_on` and `started_from` (numbers of versions), `yours`, `offered` (the
        merge as it was shown), `text` (what was made of it by hand) and the choices.
        """
        theirs = version_numbered(runbook, data.get("based_on", ""))
        base = version_numbered(runbook, data.get("started_from", ""))
        if theirs is None:
            return None
        yours, offered, typed = (
            with_endings_of(data.get(name, ""), theirs.text)
            for name in ("yours", "offered", "text")
        )
        merged = merge(base.text if base else "", theirs.text, yours)
        choices = _choices(merged, data)
        # What was typed into the merged text wins over the choices.
        text = merge(offered, typed, merged.resolve(choices)).merged_text
        return cls(runbook, base, theirs, merged, choices, text)

    @property
    def started_from(self) -> int:
        return self.base.number if self.base else 0

    @property
    def offered(self) -> str:
        return self.merge.resolve(self.choices)

    @property
    def questions(self) -> list:
        """Each conflict with the choice that is marked."""
        return [(found, self.choices.get(found.number, "theirs")) for found in self.merge.conflicts]


def _choices(merged: Merge, data) -> dict[int, Choice]:
    numbers = [found.number for found in merged.conflicts]
    picked = {number: data.get(f"{PICKED}{number}", "") for number in numbers}
    return {number: word for number, word in picked.items() if word in CHOICES}
