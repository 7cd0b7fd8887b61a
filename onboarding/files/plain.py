"""Plain Markdown that knows nothing of guides: each item of its first numbered list is a step."""

import re

ITEM = re.compile(r"(?P<mark>\d{1,9}[.)][ \t]+)(?P<text>\S.*)")
MARKS = re.compile(r"[*_`]+|!?\[(?P<text>[^\]]*)\]\([^)]*\)")
LOOKED_AT = 2000  # characters of a line in which a title is looked for
SENTENCE = re.compile(r"(?P<first>.{8,}?[.!?:])(?:\s|$)")


def first_list(lines: list[str]) -> tuple[list[str], list[tuple[int, str]]]:
    """(lines before it, [(number of the line, text of an item)]) of the first numbered list."""
    items: list[tuple[int, list[str]]] = []
    indent = start = 0
    for number, line in enumerate(lines):
        if match := ITEM.fullmatch(line):
            start = start if items else number
            items.append((number, [match["text"]]))
            indent = len(match["mark"])
        elif items and (not line.strip() or line.startswith(" " * min(indent, 2))):
            items[-1][1].append(_dedented(line, indent))
        elif items and line.strip():
            items[-1][1].append(line)
    return (lines[:start], [(n, "\n".join(text).strip("\n")) for n, text in items])


def _dedented(line: str, indent: int) -> str:
    return line[min(indent, len(line) - len(line.lstrip())) :]


def title_of(text: str) -> str:
    """The first sentence of a text as plain words."""
    line = text.split("\n", 1)[0][:LOOKED_AT]
    plain = " ".join(MARKS.sub(lambda match: match["text"] or "", line).split()) or "Step"
    match = SENTENCE.match(plain)
    return (match["first"] if match else plain).rstrip(".:")
