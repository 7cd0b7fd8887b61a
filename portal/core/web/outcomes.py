"""What became of one file."""

from dataclasses import dataclass

CREATED, UPDATED, UNCHANGED, DRAFT, REFUSED, SKIPPED = (
    "created",
    "updated",
    "unchanged",
    "draft",
    "refused",
    "skipped",
)


@dataclass(frozen=True)
class Outcome:
    """One line of the report: the path in the folder, what became of it, and why."""

    path: str
    state: str
    why: str = ""

    def __str__(self):
        path = self.path.encode("utf-8", "backslashreplace").decode()
        return f"{self.state:<9} {path}" + (f": {self.why}" if self.why else "")
