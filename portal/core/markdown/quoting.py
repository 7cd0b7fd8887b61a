"""Where in a shell text a word stands: what has to be around a value so that it stays one word.

Follows the quoting rules of the POSIX shell (XCU 2.2). Where a value could not be quoted for
certain (here-documents, back quotes, `$'…'`, `${…}`, arithmetic) the place is UNSURE.
"""

import re
from dataclasses import dataclass, field
from shlex import quote

PLAIN = re.compile(r"[A-Za-z0-9@%+=:,./_-]+")
UNQUOTED, SINGLE, DOUBLE, COMMENT, UNSURE = "", "'", '"', "#", "?"
HERE_DOCUMENT = re.compile(r"<<-?(?!<)")
BREAKS = " \t\n;&|()<>"


@dataclass
class Scanner:
    """Reads a shell text from left to right; `place` is where it stands now."""

    stack: list[str] = field(default_factory=lambda: [UNQUOTED])
    before: str = "\n"
    is_lost: bool = False

    @property
    def place(self) -> str:
        return UNSURE if self.is_lost else self.stack[-1]

    def read(self, text: str) -> None:
        at = 0
        while at < len(text):
            at += self._step(text, at)
            self.before = text[at - 1]

    def word(self) -> None:
        """A value was put here: what follows is not the start of a word."""
        self.before = "x"

    def _step(self, text: str, at: int) -> int:
        """Take one character, or two that belong together; returns how many."""
        place, here = self.stack[-1], text[at]
        if place == SINGLE:
            self._close_at(here, "'")
        elif place == COMMENT:
            self._close_at(here, "\n")
        elif here == "\\":
            self.is_lost |= at + 1 == len(text)  # the value would be escaped itself
            return min(2, len(text) - at)
        elif place == DOUBLE:
            return self._in_double(text, at)
        else:
            return self._outside(text, at)
        return 1

    def _close_at(self, here: str, end: str) -> None:
        if here == end:
            self.stack.pop()

    def _in_double(self, text: str, at: int) -> int:
        if text[at] == '"':
            self.stack.pop()
            return 1
        return self._expansion(text, at)

    def _outside(self, text: str, at: int) -> int:
        here = text[at]
        if here in "'\"":
            self.stack.append(here)
        elif here == "#" and self.before in BREAKS:
            self.stack.append(COMMENT)
        elif here == "(":
            self.stack.append(UNQUOTED)
        elif here == ")" and len(self.stack) > 1:
            self.stack.pop()
        elif HERE_DOCUMENT.match(text, at):
            self.is_lost = True
        else:
            return self._expansion(text, at)
        return 1

    def _expansion(self, text: str, at: int) -> int:
        """`$(` opens a command of its own; what cannot be followed makes all after it unsure."""
        if text.startswith("$(", at) and not text.startswith("$((", at):
            self.stack.append(UNQUOTED)
            return 2
        dollar = "$'" if self.stack[-1] == UNQUOTED else "$(("
        if text[at] == "`" or text.startswith(("$((", "${", dollar), at):
            self.is_lost = True
        return 1


def quoted(value: str, place: str) -> str | None:
    """The value as it has to be written there to stay one word; None if nobody can tell."""
    if PLAIN.fullmatch(value):
        return value
    if place == UNSURE:
        return None
    if place == COMMENT:
        return value
    return f"{place}{quote(value)}{place}"
