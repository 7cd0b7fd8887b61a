"""Marks at the end of a step that were meant and mean nothing, such as `{second}`."""

import re
from collections.abc import Iterator
from difflib import get_close_matches

from markdown_it.token import Token

from portal.core.markdown.steps import Step

KNOWN = ("check", "second person")
WORDS = {*" ".join(KNOWN).split(), "checked", "persons", "people"}
AT_END = re.compile(r"(?<!\S)\{ *([A-Za-z][A-Za-z _-]{1,30}?) *\}[.,;:!]*\Z")


def problems(steps: list[Step], first_line: int) -> list[dict]:
    """One for each; a name in braces that is like no mark stays the author's own."""
    return [_problem(step, mark, first_line) for step in steps for mark in _meant(step)]


def _meant(step: Step) -> Iterator[str]:
    line = step.first_line
    for child, following in zip(line, [*line[1:], None], strict=False):
        found = AT_END.search(child.content.rstrip()) if child.type == "text" else None
        if found and _ends_line(following) and _is_like_a_mark(found[1]):
            yield found[0]


def _ends_line(following: Token | None) -> bool:
    return following is None or following.type in ("softbreak", "step_mark")


def _is_like_a_mark(name: str) -> bool:
    words = re.split(r"[ _-]+", name.lower())
    return bool(WORDS.intersection(words) or get_close_matches(" ".join(words), KNOWN, cutoff=0.75))


def _problem(step: Step, mark: str, first_line: int) -> dict:
    start = (step.tokens[0].map or [0])[0]
    detail = f"“{mark}” asks for nothing at the end of step {step.number}. "
    detail += "The marks are {check} and {second person}."
    return {"code": "unknown-mark", "line": first_line + start, "detail": detail}
