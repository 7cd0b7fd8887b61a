"""Lists of steps that code at the edge took apart: the code is the item's, the numbers go on.

CommonMark ends a list at a fence that is not indented as far as the words of its item. Authors
mean the item, and who follows its step needs the command there. Steps are numbered items and tasks.
"""

from dataclasses import dataclass

from markdown_it.token import Token

CODE = {"fence", "code_block"}
ENDS_COUNTING = {"heading_open", "hr"}
ITEM_DEPTH = 2  # levels between a list and what is in its items


@dataclass
class _List:
    """A list and the numbers that its items are written with."""

    opening: Token
    numbers: list[int]
    has_tasks: bool = False  # of the last item

    @property
    def next(self) -> int:
        return int(self.opening.attrs.get("start", 1)) + len(self.numbers)

    def goes_on_in(self, other: "_List") -> bool:
        """Whether the other one counts on, or all items of both are written with one number."""
        has_same_mark = self.opening.markup == other.opening.markup
        is_one_number = len({*self.numbers, *other.numbers}) == 1
        return has_same_mark and (is_one_number or other.numbers[0] == self.next)


@dataclass
class _Place:
    """Among the children of one block: the last list that may go on, and what came since."""

    last: _List | None = None
    is_apart: bool = False  # something else than code stands after it


def joined(tokens: list[Token]) -> list[Token]:
    """The tokens with code after a numbered item in the item, and lists that go on as one.

    A list that goes on after something else than code stays a list of its own and counts on.
    """
    lists, result, places = _lists(tokens), [], [_Place()]
    for token in tokens:
        place = places[-1 if token.nesting >= 0 else -2]
        if token.nesting < 0:
            places.pop()
        if token.type == "ordered_list_close" or _ends_tasks(token, lists):
            place.last, place.is_apart = lists[id(token)], False
            result.append(token)
        elif token.type in CODE and place.last and not place.is_apart:
            _put_into_item(result, token)
        elif token.type == "ordered_list_open":
            _go_on(result, place, lists[id(token)])
        else:
            _pass(place, token)
            result.append(token)
        if token.nesting > 0:
            places.append(_Place())
    return result


def _lists(tokens: list[Token]) -> dict[int, _List]:
    """The lists by the identities of their opening and closing tokens."""
    found: dict[int, _List] = {}
    around: list[_List] = []
    for token in tokens:
        if token.type in ("ordered_list_open", "bullet_list_open"):
            found[id(token)] = _List(token, [])
            around.append(found[id(token)])
        elif token.type == "list_item_open":
            around[-1].numbers.append(int(token.info or 0))
            around[-1].has_tasks = "checked" in token.meta
        elif token.type in ("ordered_list_close", "bullet_list_close"):
            found[id(token)] = around.pop()
    return found


def _ends_tasks(token: Token, lists: dict[int, _List]) -> bool:
    return token.type == "bullet_list_close" and lists[id(token)].has_tasks


def _put_into_item(result: list[Token], code: Token) -> None:
    """Put it at the end of the item that was closed last."""
    item_level = code.level + 1
    if result[-3].type not in CODE:
        _loosen(result, item_level)
    code.level += ITEM_DEPTH
    result[-2:-2] = [code]


def _loosen(result: list[Token], item_level: int) -> None:
    """Show the paragraphs of the last item as such: it holds more than a line now."""
    for token in reversed(result):
        if token.type == "list_item_open" and token.level == item_level:
            return
        if token.hidden and token.level == item_level + 1:
            token.hidden = False


def _go_on(result: list[Token], place: _Place, new: _List) -> None:
    """Open the list, or let the one before go on in it."""
    last = place.last
    if last is None or not last.goes_on_in(new):
        result.append(new.opening)
    elif place.is_apart:
        new.opening.attrs["start"] = last.next
        result.append(new.opening)
    else:
        result.pop()
        new.opening, new.numbers = last.opening, [*last.numbers, *new.numbers]


def _pass(place: _Place, token: Token) -> None:
    if token.type in ENDS_COUNTING:
        place.last = None
    elif token.nesting >= 0:
        place.is_apart = True
