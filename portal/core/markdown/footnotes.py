"""Footnotes: taken out of the text in reading order; one that nobody refers to is kept as well."""

from dataclasses import dataclass, field

from markdown_it.token import Token


@dataclass
class Footnote:
    """A note with its number, its content, and how often the text refers to it."""

    number: int
    tokens: list[Token] = field(default_factory=list)
    references: int = 0


def take_out(tokens: list[Token], env: dict) -> tuple[list[Token], list[Footnote]]:
    """Return the text without its footnotes, and the footnotes by number."""
    body, definitions = _separate(tokens)
    numbered = env.get("footnotes", {}).get("list", {})
    notes = [Footnote(key + 1, references=entry["count"]) for key, entry in numbered.items()]
    number_of = {entry["label"]: key for key, entry in numbered.items()}
    for label, content in definitions:
        position = number_of.pop(label, None)
        if position is None:
            notes.append(Footnote(len(notes) + 1, content))
        else:
            notes[position].tokens = content
    return body, notes


def _separate(tokens: list[Token]) -> tuple[list[Token], list[tuple[str, list[Token]]]]:
    """Definitions may stand inside one another; each becomes a note of its own."""
    body: list[Token] = []
    definitions: list[tuple[str, list[Token]]] = []
    open_ones = [body]
    for token in tokens:
        if token.type == "footnote_reference_open":
            definitions.append((token.meta["label"], []))
            open_ones.append(definitions[-1][1])
        elif token.type == "footnote_reference_close":
            open_ones.pop()
        else:
            open_ones[-1].append(token)
    return body, definitions


def referred(tokens: list[Token], notes: list[Footnote]) -> list[Footnote]:
    """The footnotes that these tokens refer to, in reading order, each once."""
    numbers = dict.fromkeys(
        child.meta["id"]
        for token in tokens
        for child in token.children or []
        if child.type == "footnote_ref"
    )
    return [notes[number] for number in numbers]
