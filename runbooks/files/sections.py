"""The second-level sections of a text, found line by line: however long it is."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

FENCE = re.compile(r" {0,3}(?P<mark>`{3,}(?=[^`]*$)|~{3,})")
# Possessive, and spaces from their first on: many of them take no longer than other letters.
SPACES = r"(?<![ \t])[ \t]++"
ATX = re.compile(rf" {{0,3}}##[ \t]++(?P<title>.*?)(?:{SPACES}#++)?(?:{SPACES})?")
UNDERLINE = re.compile(r" {0,3}-{2,}[ \t]*")
PARAGRAPH = re.compile(r" {0,3}[^\s>#|*+`~=-].*")
IDENTIFIER = re.compile(rf"(?:{SPACES})?\{{:?[ \t]*+#(?P<id>[\w-]++)[ \t]*+\}}$")
COMMENT_OPENS, COMMENT_CLOSES = "<!--", "-->"
DEFINITION = re.compile(r" {0,3}\[(?P<label>[^\]\n]+)\]:[ \t]*\S")
LABEL = re.compile(r"\[([^\[\]\n]+)\]")
STYLE = re.compile(r"[*_`]|(?<=.)\]\([^)\]]*+\)")


@dataclass
class Section:
    """Lines of a text; the first section stands before any heading and has no title."""

    lines: list[str]
    heading: str = ""  # as it is written
    size: int = 0  # of its heading, in lines

    @property
    def title(self) -> str:
        words = _without_brackets(IDENTIFIER.sub("", self.heading))
        return " ".join(STYLE.sub("", words).split()) or "Part"

    @property
    def identifier(self) -> str:
        found = IDENTIFIER.search(self.heading)
        return found["id"] if found else ""

    @property
    def text(self) -> str:
        return "\n".join(self.lines)

    @property
    def promoted(self) -> str:
        """The text with its heading as the title of a document of its own."""
        return "\n".join([f"# {self.heading}", *self.lines[self.size :]])


def _without_brackets(heading: str) -> str:
    """Without those that open a link."""
    *linked, last = heading.split("](")
    parts = [each.rpartition("]") for each in linked]
    return "](".join([*(a + b + inside.replace("[", "") for a, b, inside in parts), last])


def sections_of(text: str) -> list[Section]:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    heads = list(_heads(lines))
    found = [Section(lines[: heads[0][0]] if heads else lines)]
    ends = [*(line for line, _, _ in heads[1:]), len(lines)]
    for (line, heading, size), end in zip(heads, ends, strict=False):
        found.append(Section(lines[line:end], heading, size))
    return found


def _heads(lines: list[str]) -> Iterator[tuple[int, str, int]]:
    """(first line, words, number of lines) of each heading of the second level."""
    before = ""
    for number, line in plain(lines):
        if found := ATX.fullmatch(line):
            yield number, found["title"], 1
        elif UNDERLINE.fullmatch(line) and PARAGRAPH.fullmatch(before):
            yield number - 1, before.strip(), 2
        before = line


def plain(lines: list[str]) -> Iterator[tuple[int, str]]:
    """The lines that are neither code in fences nor comments; what is left out is an empty line."""
    fence, in_comment = "", False
    last = max((n for n, line in enumerate(lines) if COMMENT_CLOSES in line), default=-1)
    for number, line in enumerate(lines):
        found = FENCE.match(line)
        if fence:
            closes = found and found["mark"][0] == fence[0] and len(found["mark"]) >= len(fence)
            fence = "" if closes and not line.strip().strip(fence[0]) else fence
        elif in_comment:
            in_comment = COMMENT_CLOSES not in line
        elif found:
            fence = found["mark"]
        elif line.lstrip().startswith(COMMENT_OPENS) and COMMENT_CLOSES not in line:
            in_comment = number < last
        else:
            yield number, line
            continue
        yield number, ""


def definitions_of(text: str) -> dict[str, list[str]]:
    """What the text refers to by labels, in small letters: targets of links, and footnotes."""
    lines = text.split("\n")
    found: dict[str, list[str]] = {}
    for number, line in plain(lines):
        if match := DEFINITION.match(line):
            found.setdefault(match["label"].casefold(), _definition(lines, number))
    return found


def with_definitions(text: str, known: dict[str, list[str]]) -> str:
    """The text, and behind it those that it uses and does not have."""
    own, used = definitions_of(text), dict.fromkeys(LABEL.findall(text.casefold()))
    added = [line for name in used if name not in own for line in known.get(name, ())]
    return "\n".join([text.rstrip("\n"), "", *added, ""]) if added else text


def _definition(lines: list[str], start: int) -> list[str]:
    end = start + 1
    while end < len(lines) and lines[end].startswith(("    ", "\t")):
        end += 1
    return lines[start:end]
