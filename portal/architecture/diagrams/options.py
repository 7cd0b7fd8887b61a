"""What somebody asks to see."""

from dataclasses import dataclass

from django.utils.http import urlencode

from portal.core.problems import Refused

VIEWS = {
    "context": "Context",
    "components": "Components",
    "data-flow": "Data flow",
    "network": "Network",
    "integrations": "Integrations",
}
GROUPS = {"zone": "Zone", "team": "Team", "none": "Nothing"}
DEEPEST = 5


@dataclass(frozen=True)
class Options:
    """What somebody asks to see. `only` narrows to one group by its slug."""

    view: str = "context"
    service: str = ""
    depth: int = 1
    group: str = ""
    only: str = ""

    @classmethod
    def of(cls, view: str, asked) -> "Options":
        """From a query string or a fenced block. Raises Refused with what may be asked instead."""
        if view not in VIEWS:
            raise Refused(
                f"There is no view “{view}”. Use one of {', '.join(VIEWS)}.", pointer="/view"
            )
        depth, group = str(asked.get("depth") or 1), asked.get("group") or ""
        if not (depth.isascii() and depth.isdigit() and 1 <= int(depth[:3]) <= DEEPEST):
            raise Refused(f"The depth is a number from 1 to {DEEPEST}.", pointer="/depth")
        if group and group not in GROUPS:
            raise Refused(f"Group by one of {', '.join(GROUPS)}.", pointer="/group")
        return cls(view, asked.get("service") or "", int(depth), group, asked.get("only") or "")

    @property
    def grouping(self) -> str:
        return self.group or ("zone" if self.view == "network" else "none")

    @property
    def query(self) -> str:
        """As a query string, without what is not said."""
        said = {"service": self.service, "group": self.group, "only": self.only}
        said |= {"depth": str(self.depth)} if self.depth > 1 else {}
        return urlencode({name: value for name, value in said.items() if value})
