"""Values in place of `{{ name }}`: in shell commands as one quoted word, in prose as text."""

import re
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass
from html import escape, unescape

from portal.core.markdown import shell_words
from portal.core.markdown.code_html import KNOWN
from portal.core.markdown.parameters import USE

SHELL = KNOWN["shell"][1]
PLAIN_TEXT = re.compile(r"[\w @%+=:,./-]+")
ONE_WORD = re.compile(r"[-/]?\w+(?:[.:/@%+-]\w+)*/?")
QUOTES = ("'", '"')
LOOKED_BACK = 2000
TAG = re.compile(r"<[^>]*>")
MARKED = re.compile(r'<span class="param" data-param="([^"]+)">(.*?)</span>', re.DOTALL)
ANSWER = re.compile(r"(<samp>.*?</samp>)", re.DOTALL)
CODE = re.compile(r"(<pre .*?</pre>|<code>.*?</code>)", re.DOTALL)
SECRET = None  # the value of a secret parameter: known to the reader alone


@dataclass(frozen=True)
class Place:
    """One use of a parameter: what stands there now.

    `state` is filled, missing (no value yet), by-hand (it cannot be quoted safely there) or
    secret; `around` is the quote that a secret value has to close and open again.
    """

    name: str
    text: str
    state: str
    around: str = ""


@dataclass(frozen=True)
class Filled:
    """The sanitised HTML of a step, with escaped values."""

    html: str


Values = Mapping[str, str | None]


def fill_command(text: str, language: str, values: Values) -> tuple[str, list[Place]]:
    """The command with its values, and each place in reading order.

    `values` has every declared name: its text, "" where there is none yet, None for a secret.
    """
    pieces, places = [], []
    for piece in _pieces(text, language, values):
        pieces.append(piece.text if isinstance(piece, Place) else piece)
        places += [piece] if isinstance(piece, Place) else []
    return "".join(pieces), places


def _pieces(text: str, language: str, values: Values) -> Iterator[str | Place]:
    scanner, end = shell_words.Scanner(text), 0
    for use in USE.finditer(text):
        if use[1] not in values:
            continue
        yield text[end : use.start()]
        yield _place(use, language, scanner.spot(*use.span()), values[use[1]])
        end = use.end()
    yield text[end:]


def _place(use: re.Match, language: str, spot: shell_words.Spot, value: str | None) -> Place:
    name = use[1]
    if value is SECRET:
        return _secret(name, language, spot)
    if value == "":
        return Place(name, use[0], "missing")
    text = None if spot.refuses(value) else _written(use, language, spot, value)
    return Place(name, use[0], "by-hand") if text is None else Place(name, text, "filled")


def _written(use: re.Match, language: str, spot: shell_words.Spot, value: str) -> str | None:
    if _is_shell(language):
        return spot.quoted(value)
    text = _unquoted(use, value)
    return _spaced(value, spot) if text is None and _is_anything(language) else text


def _is_shell(language: str) -> bool:
    return KNOWN.get(language.lower(), ("", ""))[1] == SHELL


def _is_anything(language: str) -> bool:
    """A block that does not say its language: mostly commands, but nobody knows."""
    return not language or KNOWN.get(language.lower(), ("", ""))[0] == "Text"


def _unquoted(use: re.Match, value: str) -> str | None:
    """In languages whose rules are not known here: one word, or words in quotes that are there."""
    before = use.string[max(0, use.start() - LOOKED_BACK) : use.start()].rpartition("\n")[2]
    last, after = before[-1:], use.string[use.end() : use.end() + 1]
    if ONE_WORD.fullmatch(value) and last not in ("$", "\\"):
        return value if value[0].isalnum() or last != value[0] else None
    is_quoted = last in QUOTES and last == after and before.count(last) % 2
    return value if is_quoted and PLAIN_TEXT.fullmatch(value) else None


def _spaced(value: str, spot: shell_words.Spot) -> str | None:
    """In single quotes, which keep words together in a shell and harm nothing elsewhere."""
    is_free = spot.place == shell_words.UNQUOTED and PLAIN_TEXT.fullmatch(value)
    return f"'{value}'" if is_free else None


def _secret(name: str, language: str, spot: shell_words.Spot) -> Place:
    """A variable of the reader's own shell stands for it."""
    is_shell = _is_shell(language) or _is_anything(language)
    if not is_shell or spot.place in (shell_words.UNSURE, shell_words.COMMENT, shell_words.NEVER):
        return Place(name, f"<{name}>", "by-hand")
    text = f"${{{variable_of(name)}}}"
    if spot.place == shell_words.UNQUOTED:
        text = f'"{text}"'
    elif spot.place == shell_words.SINGLE:
        text = f"'\"{text}\"'"
    return Place(name, text, "secret", spot.place)


def variable_of(name: str) -> str:
    """The shell variable that stands for a secret parameter."""
    return re.sub(r"\W", "_", name)


def fill_text(text: str, values: Values) -> str:
    """A line of prose with its values; what has none stays as it is."""
    return USE.sub(lambda use: values.get(use[1]) or use[0], text)


def fill_words(text: str, commands: list[dict], values: Values) -> str:
    """The plain words of a step with their values; those of its `commands` are still quoted."""
    filled = {}
    for command in commands:
        written = command["text"].rstrip("\n")
        filled[written] = fill_command(written, command["language"], values)[0]
    longest_first = sorted(filter(str.strip, filled), key=len, reverse=True)
    if not longest_first:
        return fill_text(text, values)
    pieces = re.split(f"({'|'.join(map(re.escape, longest_first))})", text)
    return "".join(
        filled[piece] if index % 2 else fill_text(piece, values)
        for index, piece in enumerate(pieces)
    )


def named_parts(text: str, names: Container[str]) -> list[tuple[str, bool]]:
    """A line of prose in pieces: words, and places of the declared names, as written (True)."""
    parts, end = [], 0
    for use in USE.finditer(text):
        if use[1] in names:
            parts += [(text[end : use.start()], False), (use[0], True)]
            end = use.end()
    return [part for part in (*parts, (text[end:], False)) if part[0]]


def only_code(html: str) -> str:
    """The code of a line that has only one: a command if it is the whole line or has a space."""
    found = [part for part in CODE.split(html) if part.startswith("<code>")]
    text = unescape(TAG.sub("", found[0])) if len(found) == 1 else ""
    return text if " " in text.strip() or html == "".join(found) else ""


def fill_html(html: str, commands: list[dict], values: Values) -> Filled:
    """The HTML of a step with its values, each still marked; `commands` are those of the step."""
    in_blocks = iter(
        [
            place
            for command in commands
            for place in fill_command(command["text"], command["language"], values)[1]
        ]
    )
    return Filled("".join(_filled(part, in_blocks, values) for part in CODE.split(html)))


def _filled(part: str, in_blocks: Iterator[Place], values: Values) -> str:
    if part.startswith("<pre "):
        return "".join(_in_code(piece, in_blocks, values) for piece in ANSWER.split(part))
    if part.startswith("<code>"):
        return _placed(part, iter(fill_command(unescape(TAG.sub("", part)), "", values)[1]))
    return MARKED.sub(lambda mark: _in_prose(mark, values), part)


def _in_code(piece: str, in_blocks: Iterator[Place], values: Values) -> str:
    """A piece of a block: what a program answers is no command, and read as prose."""
    if piece.startswith("<samp>"):
        return MARKED.sub(lambda mark: _in_prose(mark, values), piece)
    return _placed(piece, in_blocks)


def _placed(part: str, places: Iterator[Place]) -> str:
    """Code with its places one after the other."""

    def fill(mark: re.Match) -> str:
        return _marked(next(places, Place(mark[1], mark[2], "missing")), mark[2])

    return MARKED.sub(fill, part)


def _in_prose(mark: re.Match, values: Values) -> str:
    value = values.get(mark[1], "")
    place = Place(mark[1], value or f"<{mark[1]}>", "filled" if value else "missing")
    return _marked(place, mark[2])


def _marked(place: Place, before: str) -> str:
    text = before if place.state == "missing" else escape(place.text)
    look = "param" if place.state in ("filled", "secret") else "param missing"
    more = f' data-secret="{escape(place.around)}"' if place.state == "secret" else ""
    return f'<span class="{look}" data-param="{escape(place.name)}"{more}>{text}</span>'
