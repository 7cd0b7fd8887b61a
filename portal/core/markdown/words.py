"""Plain text of tokens."""

from collections.abc import Callable, Iterable, Sequence

from markdown_it.token import Token

ONLY_WORDS = frozenset(
    {"text", "code_inline", "softbreak", "step_mark", "anchor", "attributes"}
    | {f"{name}_{end}" for name in ("em", "strong", "s") for end in ("open", "close")}
)


def of_inline(children: Iterable[Token] | None) -> str:
    """What a reader sees of a line, without its marks; breaks become spaces."""
    return "".join(map(_of_child, children or [])).strip()


def beside_pictures(children: Sequence[Token] | None) -> str:
    """The same without what pictures show: their descriptions are not said to the reader."""
    line = children or []
    said = of_inline(child for child in line if child.type != "image")
    return " ".join(said.split()) if any(child.type == "image" for child in line) else said


def _of_child(token: Token) -> str:
    if token.type == "image":
        return of_inline(token.children)
    if token.type in ("softbreak", "hardbreak"):
        return " "
    return token.content if token.type in ("text", "code_inline", "parameter") else ""


def of_blocks(tokens: Iterable[Token]) -> str:
    """One line per paragraph, heading or cell; code as it stands."""
    pieces = (_of_block(token, of_inline) for token in tokens)
    return "\n".join(piece for piece in pieces if piece)


def first_of_blocks(tokens: Iterable[Token]) -> str:
    """The first line that is more than a picture."""
    pieces = (_of_block(token, beside_pictures) for token in tokens)
    return next(filter(None, pieces), "").split("\n", 1)[0]


def _of_block(token: Token, of_line: Callable[[list[Token] | None], str]) -> str:
    if token.type == "inline":
        return of_line(token.children)
    return token.content.rstrip("\n") if token.type in ("fence", "code_block") else ""


def are_plain(children: Iterable[Token] | None) -> bool:
    """Whether the plain text of the line says all that the line says."""
    return all(child.type in ONLY_WORDS for child in children or [])


def shortened(text: str, limit: int) -> str:
    """At most `limit` characters, cut between words."""
    if len(text) <= limit:
        return text
    cut = text[: limit - 1]
    return (cut.rsplit(" ", 1)[0] if " " in cut else cut).rstrip() + "…"


def line(value: object) -> str:
    """A value of the front matter as one line of text; nothing for what is not text."""
    return " ".join(value.split()) if isinstance(value, str) else ""
