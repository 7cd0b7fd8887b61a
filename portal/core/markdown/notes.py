"""Notes that stand out: `!!! note "Title"` and `{{< hint warning >}}` … `{{< /hint >}}`.

`> [!WARNING]` is read by the parser itself.
"""

import re

from markdown_it.rules_block import StateBlock

from portal.core.markdown.blocks import (
    INDENT,
    closing_line,
    end_of_indented,
    line_of,
    parse_body,
    push_line,
)

TONES = {
    "is-run": ("note", "info", "abstract", "summary", "todo"),
    "is-ok": ("tip", "hint", "success", "check", "done"),
    "is-warn": ("warning", "warn", "attention", "important"),
    "is-bad": ("danger", "error", "failure", "fail", "bug", "caution"),
    "is-idle": ("question", "help", "faq", "example", "quote", "aside"),
}
TONE_OF = {kind: tone for tone, kinds in TONES.items() for kind in kinds}

ADMONITION = re.compile(r"(?:!!!|\?\?\?\+?)[ \t]*(?=[A-Za-z])(?P<head>.*)")
# words of MkDocs that only place the box or fold it
PLACING = r"(?:[ \t]+(?:inline|end|hide-arrow|full-width))*"
QUOTED_HEAD = re.compile(rf'(?P<kind>[A-Za-z][\w-]*){PLACING}[ \t]+"(?P<title>[^"]*)"[ \t]*')
SHORTCODE = re.compile(
    r"\{\{[<%]\s*(?P<kind>hint|notice|alert|callout|admonition)\b(?P<head>[^<>%{}]*)[>%]\}\}\s*"
)
SHORTCODE_END = re.compile(
    r"\{\{[<%]\s*/\s*(?P<kind>hint|notice|alert|callout|admonition)\s*[>%]\}\}\s*"
)
SHORTCODE_WORD = re.compile(r'(?:(?:type|color|context|title|icon)=)?(?:"([^"]*)"|([\w-]+))')


def admonition(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """The rule for the form of Python-Markdown and MkDocs; folded ones (`???`) stay open."""
    found = ADMONITION.fullmatch(line_of(state, start))
    if found is None:
        return False
    if silent:
        return True
    after = end_of_indented(state, start + 1, end)
    kind, title = kind_and_title(found["head"].strip())
    push_note(state, kind, title, (start, start + 1, after), state.sCount[start] + INDENT)
    state.line = after
    return True


def kind_and_title(head: str) -> tuple[str, str]:
    """Every word of the head is either the kind or part of the title."""
    quoted = QUOTED_HEAD.fullmatch(head)
    if quoted:
        return quoted["kind"].lower(), quoted["title"]
    kind, _, title = head.partition(" ")
    if not title:
        return kind.lower(), kind.title()
    return (kind.lower(), title) if kind.lower() in TONE_OF else ("note", head)


def shortcode(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """The rule for Hugo's hints and notices; without its closing line it is left as text."""
    found = SHORTCODE.fullmatch(line_of(state, start))
    closing = closing_line(state, start, end, SHORTCODE, SHORTCODE_END) if found else None
    if found is None or closing is None:
        return False
    if not silent:
        kind, title = _shortcode_words(found["head"])
        push_note(state, kind, title, (start, start + 1, closing), state.blkIndent)
        state.line = closing + 1
    return True


def _shortcode_words(head: str) -> tuple[str, str]:
    words = ["".join(word) for word in SHORTCODE_WORD.findall(head)]
    kind = words[0].lower() if words and words[0].lower() in TONE_OF else "note"
    title = " ".join(words[1:] if words and kind == words[0].lower() else words)
    return kind, title or kind.title()


def push_note(
    state: StateBlock, kind: str, title: str, lines: tuple[int, int, int], indent: int
) -> None:
    """Push the note whose head is on `lines[0]` and whose body is from lines[1] to lines[2]."""
    token = state.push("note_open", "div", 1)
    token.map, token.meta = [lines[0], lines[2]], {"kind": kind}
    if title:
        push_line(state, "note_title", "p", title, lines[0])
    parse_body(state, lines[1], lines[2], indent)
    state.push("note_close", "div", -1)


BLOCKS = {"!?": admonition, "{": shortcode}
