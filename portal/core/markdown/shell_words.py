"""Where in a shell text a word stands: what has to be around a value so that it stays one word.

Follows the quoting rules of the POSIX shell (XCU 2.2). Where a value could not be quoted for
certain (here-documents, back quotes, `$'…'`, `${…}`, arithmetic, words that another program reads
as a program) the place is UNSURE.
"""

import re
from dataclasses import dataclass, field
from shlex import quote

PLAIN = re.compile(r"[A-Za-z0-9@%+=:,./_-]+")
UNQUOTED, SINGLE, DOUBLE, COMMENT, UNSURE, NEVER = "", "'", '"', "#", "?", "!"
GROUP, COMMAND = "(", "$("
HERE_DOCUMENT = re.compile(r"<<-?[ \t]*([^\s;&|<>()]*)")
CASE = re.compile(r"case\b")
BREAKS = " \t\n;&|()<>"
NAME_BEFORE = re.compile(r"\$\w+\Z", re.ASCII)
SUBSCRIPT_BEFORE = re.compile(r"\w\[[^]\s]*\Z")

# Programs that read what they are given as a text of their own language.
_STARTS, _ENDS = r"(?:^|(?<=[\s;&|(\"'/=]))", r"(?=[\s;&|)\"']|$)"
_ANY = "ssh|autossh|mosh|pdsh|eval|let|su|watch|parallel|sed|g?awk|jq|ansible|salt|sqlite3|duckdb"
_ASKED = (
    "(?:ba|z|k|da|a|fi)?sh|python[0-9.]*|perl|ruby|node|php|psql|mysql|mariadb|mongosh?|pwsh"
    "|powershell|sqlcmd|cqlsh|clickhouse-client|influx"
)
_FLAG = r"\s(?:-\w*[ceE]\b|--(?:command|execute|eval|expression)\b)"
READS_ALL = re.compile(
    rf"{_STARTS}(?:{_ANY}){_ENDS}"
    rf"|\|\s*(?:sudo\s+)?(?:[^\s|]*/)?(?:{_ASKED}){_ENDS}"
    rf"|\[\[.*\s-(?:eq|ne|lt|le|gt|ge)\s",
    re.MULTILINE | re.DOTALL,
)
READS_QUOTED = re.compile(
    rf"{_STARTS}(?:{_ASKED}){_ENDS}.*?(?:{_FLAG}|<<<)", re.MULTILINE | re.DOTALL
)
END_OF_LINE = re.compile(r"(?<![\\|])\n")
LONGEST_LINE = 2000


@dataclass(frozen=True)
class Spot:
    """One place for a value: the quotes around it, and what the value must not become.

    `ends` are the words that would end a here-document; `is_joined` says that a plain word would
    become part of the name of a variable before it.
    """

    place: str
    ends: tuple[str, ...] = ()
    is_joined: bool = False

    def refuses(self, value: str) -> bool:
        """Whether no quotes help: after a `$`, or where the value would end a here-document."""
        return self.place == NEVER or any(value in end for end in self.ends)

    def quoted(self, value: str) -> str | None:
        """The value as it has to be written here to stay one word; None if nobody can tell."""
        if PLAIN.fullmatch(value) and not self.is_joined:
            return value
        if self.place == UNSURE:
            return None
        word = f"'{value}'" if PLAIN.fullmatch(value) else quote(value)
        return word if self.place == COMMENT else f"{self.place}{word}{self.place}"


@dataclass
class Scanner:
    """Reads a shell text from left to right; `end` is as far as it may read now."""

    text: str
    at: int = 0
    end: int = 0
    line: int = 0  # where the present line begins; one with open brackets goes on
    stack: list[str] = field(default_factory=lambda: [UNQUOTED])
    before: str = "\n"
    as_before: str = ""
    is_lost: bool = False
    ends: tuple[str, ...] = ()

    def spot(self, start: int, end: int) -> Spot:
        """Where a value in place of `text[start:end]` would stand; what was before is read."""
        self._read(start)
        before = self.text[max(self.line, start - LONGEST_LINE) : start]
        after = self.text[end : end + LONGEST_LINE]
        place = NEVER if self.before == "$" else self._place(before, after)
        spot = Spot(place, self.ends, NAME_BEFORE.search(before) is not None)
        self.at, self.before = end, "x"  # what follows is not the start of a word
        return spot

    def _place(self, before: str, after: str) -> str:
        here = self.stack[-1]
        place = UNQUOTED if here in (GROUP, COMMAND) else here
        is_long = len(before) == LONGEST_LINE
        line = before + END_OF_LINE.split(after, maxsplit=1)[0]
        is_program = READS_ALL.search(line) or (
            place in (SINGLE, DOUBLE) and READS_QUOTED.search(line)
        )
        is_subscript = place != COMMENT and SUBSCRIPT_BEFORE.search(before)
        return UNSURE if self.is_lost or is_long or is_program or is_subscript else place

    def _read(self, end: int) -> None:
        self.end = end
        while self.at < end:
            here, taken = self.at, self._step(self.text[self.at])
            self.at = here + taken
            self.before, self.as_before = self.as_before or self.text[self.at - 1], ""
            if self.text[here] == "\n" and self.stack == [UNQUOTED]:
                self.line = self.at

    def _sees(self, *words: str) -> bool:
        return self.text.startswith(words, self.at)

    def _step(self, here: str) -> int:
        """Take one character, or some that belong together; returns how many."""
        place = self.stack[-1]
        # a quote that goes on in the next line may as well be an apostrophe in some output
        self.is_lost |= here == "\n" and place in (SINGLE, DOUBLE)
        if place == SINGLE:
            self._close_at(here, "'")
        elif place == COMMENT:
            self._close_at(here, "\n")
        elif here == "\\":
            return self._escape()
        elif place == DOUBLE:
            return self._in_double(here)
        else:
            return self._outside(here)
        return 1

    def _close_at(self, here: str, end: str) -> None:
        if here == end:
            self.stack.pop()

    def _escape(self) -> int:
        """What is escaped is part of a word; an escaped line break is nothing at all."""
        self.is_lost |= self.at + 1 == self.end  # the value would be escaped itself
        self.as_before = self.before if self._sees("\\\n") else "x"
        return min(2, self.end - self.at)

    def _in_double(self, here: str) -> int:
        if here == '"':
            self.stack.pop()
            return 1
        return self._expansion(here)

    def _outside(self, here: str) -> int:
        if here in "'\"":
            self.stack.append(here)
        elif here == "#" and self.before in BREAKS:
            self.is_lost |= self.before == ")"  # of `<(…)#` nothing is a comment
            self.stack.append(COMMENT)
        elif here == "(":
            self.is_lost |= self._sees("((")
            self.stack.append(GROUP)
        elif here == ")":
            self._close()
        elif here == "<":
            return self._redirection()
        else:
            self.is_lost |= self._is_case()
            return self._expansion(here)
        return 1

    def _close(self) -> None:
        if self.stack == [UNQUOTED]:  # of a pattern in `case`
            return
        if self.stack.pop() == COMMAND:
            self.as_before = "x"

    def _redirection(self) -> int:
        if self._sees("<<<"):
            return 3
        document = HERE_DOCUMENT.match(self.text, self.at)
        if document:
            self.is_lost = True
            self.ends += (re.sub(r"[\"'\\]", "", document[1]),)
        return 1

    def _is_case(self) -> bool:
        """Whether `case` begins here: its patterns close what they did not open."""
        nested, starts = len(self.stack) > 1, self.before in BREAKS
        return nested and starts and CASE.match(self.text, self.at) is not None

    def _expansion(self, here: str) -> int:
        """`$(` opens a command of its own; what cannot be followed makes all after it unsure."""
        if self._sees("$(") and not self._sees("$(("):
            self.stack.append(COMMAND)
            return 2
        dollar = "$((" if self.stack[-1] == DOUBLE else "$'"
        self.is_lost |= here == "`" or self._sees("$((", "$[", "${", dollar)
        return 1
