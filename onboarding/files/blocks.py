"""The parts of a step that stand in Markdown, and how a text keeps lines that look like them.

A text is escaped into lines of which none is a part; unescaped they are the same text again.
Blocks of code stay as they are. A fence that nothing closes would swallow what follows, so it is
escaped too.
"""

import re
from typing import Any

from portal.core.data import yaml as ours
from portal.core.data.yaml import dumped

FENCE = re.compile(r" {0,3}(?P<marks>`{3,}|~{3,})(?P<info>[^`\n]*)")
OWN_FENCE = re.compile(r"`{3,}(?P<name>callouts|blurred|page|video|question)[ \t]*")
CONTROL, RESULT = "**Control:**", "**You should see:**"
PICTURE = re.compile(
    r'!\[(?P<alt>(?:[^\]\\]|\\.)*)\]\((?P<file>[^()\s"]+)(?: "(?P<title>[^"]*)")?\)[ \t]*'
)
PART = r"(?:##(?:[ \t]|$)|\*\*Control:\*\*|\*\*You should see:\*\*|!\[| {0,3}(?:`{3,}|~{3,}))"
LOOKS_LIKE, ESCAPED = re.compile(rf"\\*{PART}"), re.compile(rf"\\+{PART}")


class BadText(ValueError):
    """A file that is not read; `line` counts from 1."""

    def __init__(self, detail: str, line: int = 1):
        super().__init__(detail)
        self.detail, self.line = detail, line


def code_of(lines: list[str]) -> list[tuple[int, int]]:
    """(first, last) line of each block of code, its fences included."""
    found, opening, start = [], "", 0
    for number, line in enumerate(lines):
        match = FENCE.fullmatch(line)
        if match and not opening:
            opening, start = match["marks"], number
        elif match and _closes(match, opening):
            found.append((start, number))
            opening = ""
    return found


def _closes(match: re.Match, opening: str) -> bool:
    return match["marks"].startswith(opening) and not match["info"].strip()


def inside(blocks: list[tuple[int, int]]) -> set[int]:
    return {number for first, last in blocks for number in range(first, last + 1)}


def comments_of(lines: list[str], code: set[int]) -> set[int]:
    """The lines of HTML comments that stand by themselves."""
    found: set[int] = set()
    start = None
    for number, line in enumerate(lines):
        if start is None and number not in code and line.lstrip().startswith("<!--"):
            start = number
        if start is not None and "-->" in line:
            found |= set(range(start, number + 1)) if line.rstrip().endswith("-->") else set()
            start = None
    return found


def escaped(text: str) -> str:
    lines = text.split("\n")
    blocks = code_of(lines)
    if any(OWN_FENCE.fullmatch(lines[first]) for first, _ in blocks):
        blocks = []
    code = inside(blocks)
    return "\n".join(
        f"\\{line}" if number not in code and LOOKS_LIKE.match(line) else line
        for number, line in enumerate(lines)
    )


def unescaped(line: str) -> str:
    """A line that is no code."""
    return line[1:] if ESCAPED.match(line) else line


def one_line(text: str) -> str:
    return " ".join(text.split())


def written_picture(file: str, alt: str, title: str) -> str:
    alt = re.sub(r"([\\\[\]])", r"\\\1", one_line(alt))
    return f"![{alt}]({file}" + (f' "{title}"' if title else "") + ")"


def alt_of(match: re.Match) -> str:
    return re.sub(r"\\(.)", r"\1", match["alt"])


def written(name: str, values) -> str:
    """A fenced block of YAML; its fence is longer than any inside."""
    text = dumped(values)
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * max(longest + 1, 3)
    return f"{fence}{name}\n{text}{fence}"


def loaded(text: str, first_line: int):
    """What YAML says. Raises BadText with the line in the whole file."""
    return located(text, first_line)[0]


def located(text: str, first_line: int) -> tuple[Any, dict[str, int]]:
    """The same, with the lines in the whole file on which the names of a mapping stand."""
    try:
        documents = ours.documents(text.encode(errors="replace"))
    except ours.BadYaml as error:
        raise BadText(error.detail, first_line + error.line - 1) from error
    if len(documents) > 1:
        raise BadText("One document is expected here, not several.", first_line)
    value, lines = documents[0] if documents else (None, {})
    return value, {name[1:]: first_line + line - 1 for name, line in lines.items()}
