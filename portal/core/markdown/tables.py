"""Tables that keep every cell, and what their HTML needs to know."""

from markdown_it.rules_block import StateBlock, table
from markdown_it.rules_block.table import escapedSplit, getLine
from markdown_it.token import Token


def table_with_every_cell(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """The table rule; cells beyond the last column, which GFM drops, join the last one.

    They mostly come from a pipe inside code, which is then whole again.
    """
    first = len(state.tokens)
    if not table(state, start, end, silent):
        return False
    if not silent:
        _join_surplus(state, state.tokens[first:])
    return True


def _join_surplus(state: StateBlock, tokens: list[Token]) -> None:
    columns = sum(token.type == "th_open" for token in tokens)
    last_cell = None
    for token in tokens:
        if token.type == "inline":
            last_cell = token
        elif token.type == "tr_close" and last_cell is not None and last_cell.map:
            cells = _cells(getLine(state, last_cell.map[0]))
            last_cell.content = "|".join(cells[columns - 1 :]).strip()


def _cells(line: str) -> list[str]:
    cells = escapedSplit(line.strip())
    return cells[cells[:1] == [""] : len(cells) - (cells[-1:] == [""])]


def name_tables(tokens: list[Token]) -> None:
    """Give every table the number and column names that its accessible name is made of."""
    number = 0
    heads: list[str] = []
    opening: Token | None = None
    for position, token in enumerate(tokens):
        if token.type == "table_open":
            number, heads, opening = number + 1, [], token
        elif token.type == "th_open":
            heads.append(tokens[position + 1].content)
        elif token.type == "thead_close" and opening is not None:
            opening.meta["name"] = f"Table {number}: {', '.join(heads)}"[:120]
