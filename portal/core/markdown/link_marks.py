"""Relative links of a text that is rendered before it is known where they lead."""

import re
from html import escape
from typing import NamedTuple
from uuid import uuid4

from portal.core.markdown import sanitiser
from portal.core.markdown.budget import Budget

ADDRESS = re.compile(r'href="([^"]*)"')


class Target(NamedTuple):
    """A relative link: its path and anchor, and the whole as it was written."""

    path: str
    anchor: str
    written: str


class Pending:
    """Puts a mark where an address belongs; stands for `resolve` in `render`."""

    def __init__(self) -> None:
        self.name = uuid4().hex  # no text can know it
        self.targets: list[Target] = []

    def mark(self, target: Target) -> str:
        """As long as what was written, so that its size counts."""
        self.targets.append(target)
        return f"/{self.name}/{len(self.targets) - 1}/".ljust(len(target.written), "_")

    def filled(self, html: str, addresses: list[str], budget: Budget) -> str:
        """The HTML with these addresses, one for each target, in place of the marks."""
        if not addresses:
            return html
        budget.start_page()
        known = [_as_written(address) for address in addresses]
        pieces = re.split(rf"/{self.name}/(\d+)/_*", html)
        pieces[1::2] = [known[int(number)] for number in pieces[1::2]]
        return "".join(map(budget.spend, pieces))


def _as_written(address: str) -> str:
    """An address as it stands in the HTML that the sanitiser lets through."""
    found = ADDRESS.search(sanitiser.clean(f'<a href="{escape(address)}">x</a>'))
    return found[1] if found else ""
