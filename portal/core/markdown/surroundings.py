"""What stands around the steps of a procedure: it leads to a step or follows one.

What stands between two steps follows the first, up to the next heading; what begins there leads to
the second. A last line that ends with a colon leads to the second, too.
"""

from itertools import takewhile
from typing import NamedTuple

from markdown_it.token import Token

from portal.core.markdown import words

Block = list[Token]
Span = tuple[int, int]  # of a step: where its first token stands, and its last
BOUNDARY: Block = []  # where a block begins that holds the next step, or a line is drawn


class Around(NamedTuple):
    """The tokens of whole blocks before and after a step."""

    before: list[Token]
    after: list[Token]


def around(tokens: list[Token], spans: list[Span]) -> list[Around]:
    """What leads to each step and what follows it."""
    ends = [0, *(last for _, last in spans)]
    starts = [*(first + 1 for first, _ in spans), len(tokens)]
    gaps = [_blocks(tokens[end:start]) for end, start in zip(ends, starts, strict=True)]
    between = [_divided(gap) for gap in gaps[1:-1]]
    leading = [_of_last_section(gaps[0]), *(before for _, before in between)]
    following = [*(after for after, _ in between), _before_boundary(gaps[-1])]
    return [
        Around(_tokens(_with_content(before)), _tokens(after))
        for before, after in zip(leading, following, strict=True)
    ]


def introduction(tokens: list[Token]) -> list[Token]:
    """What leads to the first of all sections: these tokens, without headings above them."""
    return _tokens(_with_content(_of_last_section(_blocks(tokens))))


def _blocks(gap: list[Token]) -> list[Block]:
    """The blocks that begin and end in the gap; of others, only what is in them.

    Paragraphs of a tight list are shown as such where the list is not whole.
    """
    partners, found = _partners(gap), []
    inside, bare = 0, set()
    for position, token in enumerate(gap):
        if token.nesting and position not in partners:
            found += [BOUNDARY] * (token.nesting > 0)
        elif token.type == "list_item_open" and not inside:
            bare.add(partners[position])
        elif position not in bare:
            inside -= token.nesting < 0
            if not inside and token.nesting >= 0:
                found.append([])
            found[-1].append(token if inside else _shown(token))
            inside += token.nesting > 0
    return [BOUNDARY if _is(block, "hr") else block for block in found]


def _partners(gap: list[Token]) -> dict[int, int]:
    """From the position of each opening token to that of its closing one, and back."""
    found: dict[int, int] = {}
    opened: list[int] = []
    for position, token in enumerate(gap):
        if token.nesting > 0:
            opened.append(position)
        elif token.nesting < 0 and opened:
            found[position] = opened.pop()
            found[found[position]] = position
    return found


def _shown(token: Token) -> Token:
    if token.tag == "summary":  # of a block that is not whole
        return token.copy(tag="p")
    return token.copy(hidden=False) if token.hidden else token


def _divided(gap: list[Block]) -> tuple[list[Block], list[Block]]:
    """What follows the step before, and what leads to the next one."""
    after = _before_boundary(gap)
    before = gap[len(after) :]
    if after and not any(before) and _announces(after[-1]):
        return after[:-1], after[-1:]
    return after, before


def _before_boundary(gap: list[Block]) -> list[Block]:
    return list(takewhile(lambda block: block and not _is(block, "heading_open"), gap))


def _announces(block: Block) -> bool:
    """Whether it is a line such as “Then, on the standby:”."""
    return _is(block, "paragraph_open") and words.of_blocks(block).rstrip().endswith(":")


def _of_last_section(gap: list[Block]) -> list[Block]:
    headings = [at for at, block in enumerate(gap) if _is(block, "heading_open")]
    return gap[headings[-1] + 1 :] if headings else gap


def _with_content(blocks: list[Block]) -> list[Block]:
    """Without headings of nothing: a section that begins with a step needs none above it."""
    blocks = [block for block in blocks if block]
    return [
        block
        for block, following in zip(blocks, [*blocks[1:], BOUNDARY], strict=False)
        if not _is(block, "heading_open") or (following and not _is(following, "heading_open"))
    ]


def _is(block: Block, kind: str) -> bool:
    return bool(block) and block[0].type == kind


def _tokens(blocks: list[Block]) -> list[Token]:
    return [token for block in blocks for token in block]
