"""Steps of a procedure, derived from plain Markdown.

Task items (`- [ ]`) are the steps; without any, the items of the top-level ordered lists; without
those, the second-level sections. What is nested in a step belongs to it; what stands between two
steps is shown with one of them (`surroundings`).
"""

from dataclasses import dataclass
from functools import cached_property
from itertools import dropwhile

from markdown_it.token import Token

from portal.core.markdown import commands, words
from portal.core.markdown.surroundings import Around, around, introduction

LONGEST_TITLE = 200
LISTS = {"bullet_list_open", "ordered_list_open"}
BESIDE_PICTURES = {"image", "link_open", "link_close", "link_attributes", "step_mark"}


@dataclass(frozen=True)
class Step:
    """A step's own tokens, and those around them that are shown with it."""

    number: int
    tokens: list[Token]
    around: Around

    @property
    def whole(self) -> list[Token]:
        """All that belongs to it, in the order of the text."""
        return [*self.around.before, *self.tokens, *self.around.after]

    @property
    def title(self) -> str:
        """The first line as plain text, without pictures; a line that was wrapped is one line."""
        text = self._with_alternative(words.beside_pictures(self.first_line))
        text = text or words.first_of_blocks(self.tokens)
        return words.shortened(text, LONGEST_TITLE) or f"Step {self.number}"

    def _with_alternative(self, text: str) -> str:
        """The text of an item in a tab says which of the alternatives it belongs to."""
        name = self.tokens[1].meta.get("alternative") if self._starts_with_line else None
        return f"{name}: {text}" if name and text else text

    @property
    def body(self) -> list[Token]:
        """What the title does not say."""
        return [*self.around.before, *self._below_title, *self.around.after]

    @property
    def _below_title(self) -> list[Token]:
        if not self._starts_with_line:
            return self.tokens
        line, rest = self.tokens[1], self.tokens[3:]
        if self._is_said_by_title:
            line = Token("inline", "", 0, children=self._apart[1])
        if not line.children:
            return rest
        return [
            Token("paragraph_open", "p", 1),
            line,
            Token("paragraph_close", "p", -1),
            *rest,
        ]

    @property
    def title_with_code(self) -> list[Token]:
        """The tokens of a title that has code in it; none of one that has not, or is cut."""
        has_code = any(child.type == "code_inline" for child in self.first_line)
        if not has_code or not self._is_said_by_title:
            return []
        return [child for child in self.first_line if child.type != "step_mark"]

    @property
    def _is_said_by_title(self) -> bool:
        line, _ = self._apart
        return self.title == words.of_inline(line) and words.are_plain(line)

    @property
    def marks(self) -> set[str]:
        """Which of `check` and `second person` its first line asks for."""
        return {child.meta["mark"] for child in self.first_line if child.type == "step_mark"}

    @property
    def commands(self) -> list[dict]:
        """Its code blocks in order."""
        return commands.of_tokens(self.whole)

    @property
    def _starts_with_line(self) -> bool:
        return bool(self.tokens) and self.tokens[0].type in (
            "paragraph_open",
            "heading_open",
        )

    @property
    def first_line(self) -> list[Token]:
        """Its tokens but the pictures after it; a line that an author wrapped is one line."""
        line, _ = self._apart
        breaks = [at for at, child in enumerate(line) if child.type == "hardbreak"]
        return line[: breaks[0]] if breaks else line

    @cached_property
    def _apart(self) -> tuple[list[Token], list[Token]]:
        """The paragraph or heading that it starts with, and the pictures at its end."""
        line = (self.tokens[1].children or []) if self._starts_with_line else []
        end = len(line)
        while end and _is_beside_a_picture(line[end - 1]):
            end -= 1
        while end < len(line) and line[end].nesting < 0:  # of what stands before
            end += 1
        if not any(child.type == "image" for child in line[end:]):
            return line, []
        marks = [child for child in line[end:] if child.type == "step_mark"]
        shown = (child for child in line[end:] if child.type != "step_mark")
        return line[:end] + marks, list(dropwhile(_is_blank, shown))


def _is_beside_a_picture(token: Token) -> bool:
    return token.type in BESIDE_PICTURES or _is_blank(token)


def _is_blank(token: Token) -> bool:
    is_break = token.type in ("softbreak", "hardbreak")
    return is_break or (token.type == "text" and not token.content.strip())


def derive(tokens: list[Token]) -> list[Step]:
    """Return the steps; the lists that they come from get the look of a procedure."""
    for is_step in (_is_task, _is_ordered):
        items = [item for item in _items(tokens) if is_step(item)]
        if items:
            return _steps_of_items(tokens, items)
    return _sections(tokens)


@dataclass
class _Item:
    """A list item: the positions of its tokens, its list, and the items around it."""

    start: int
    list_token: Token
    outer: list["_Item"]
    opening: Token
    end: int = 0


def _items(tokens: list[Token]) -> list[_Item]:
    """All list items in reading order."""
    lists: list[Token] = []
    outer: list[_Item] = []
    found: list[_Item] = []
    for position, token in enumerate(tokens):
        if token.type in LISTS:
            lists.append(token)
        elif token.type == "list_item_open":
            outer.append(_Item(position, lists[-1], list(outer), token))
            found.append(outer[-1])
        elif token.type == "list_item_close":
            outer.pop().end = position
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            token.meta = lists.pop().meta
    return found


def _is_task(item: _Item) -> bool:
    return "checked" in item.opening.meta and not any(
        "checked" in outer.opening.meta or outer.list_token.type == "ordered_list_open"
        for outer in item.outer
    )


def _is_ordered(item: _Item) -> bool:
    """Whether it is an item of a numbered list that nothing but `<details>` is around."""
    opening = item.list_token
    return opening.type == "ordered_list_open" and opening.level == opening.meta.get("folds", 0)


def _steps_of_items(tokens: list[Token], items: list[_Item]) -> list[Step]:
    surroundings = around(tokens, [(item.start, item.end) for item in items])
    return [
        Step(number, _inside(tokens, item, number), found)
        for number, (item, found) in enumerate(zip(items, surroundings, strict=True), 1)
    ]


def _inside(tokens: list[Token], item: _Item, number: int) -> list[Token]:
    """What is in the item. The number shown is the author's own where the list has numbers."""
    of_list = item.list_token.meta
    of_list["is_procedure"] = True
    if item.list_token.type == "ordered_list_open":
        number_shown = of_list.get("next", item.list_token.attrs.get("start", 1))
        of_list["next"] = number_shown + 1
    else:
        number_shown = number
    item.opening.meta["number"] = number_shown
    inside = tokens[item.start + 1 : item.end]
    for token in inside:
        if token.hidden and token.level == item.opening.level + 1:
            token.hidden = False
    return inside


def _sections(tokens: list[Token]) -> list[Step]:
    starts = [position for position, token in enumerate(tokens) if _is_section(token)]
    if not starts:
        return []
    spans = zip(starts, [*starts[1:], len(tokens)], strict=True)
    inside = [tokens[start:end] for start, end in spans]
    first, nothing = Around(introduction(tokens[: starts[0]]), []), Around([], [])
    return [
        Step(number, section, nothing if number > 1 else first)
        for number, section in enumerate(inside, 1)
    ]


def _is_section(token: Token) -> bool:
    return token.type == "heading_open" and token.tag == "h2" and token.level == 0
