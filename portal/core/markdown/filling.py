"""Values in place of `{{ name }}`: in shell commands as one quoted word, in prose as text."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape

from portal.core.markdown import quoting
from portal.core.markdown.code import KNOWN
from portal.core.markdown.parameters import USE

SHELL = KNOWN["shell"][1]
PLAIN_TEXT = re.compile(r"[\w @%+=:,./-]*")
MARKED = re.compile(r'<span class="param" data-param="([^"]+)">(.*?)</span>', re.DOTALL)
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
    scanner, end = quoting.Scanner(), 0
    for use in USE.finditer(text):
        if use[1] not in values:
            continue
        before = text[end : use.start()]
        scanner.read(before)
        yield before
        yield _place(use, _is_shell(language), scanner.place, values[use[1]])
        scanner.word()
        end = use.end()
    yield text[end:]


def _is_shell(language: str) -> bool:
    label, lexer = KNOWN.get(language.lower(), ("", ""))
    return lexer == SHELL or label == "Text" or not language


def _place(use: re.Match, is_shell: bool, place: str, value: str | None) -> Place:
    name = use[1]
    if value is SECRET:
        return _secret(name, is_shell, place)
    if value == "":
        return Place(name, use[0], "missing")
    text = quoting.quoted(value, place) if is_shell else _unquoted(value)
    if text is None:
        return Place(name, use[0], "by-hand")
    return Place(name, text, "filled")


def _unquoted(value: str) -> str | None:
    """In languages whose quotes are not known here only what needs no quotes."""
    return value if PLAIN_TEXT.fullmatch(value) else None


def _secret(name: str, is_shell: bool, place: str) -> Place:
    """A variable of the reader's own shell stands for it."""
    if not is_shell or place in (quoting.UNSURE, quoting.COMMENT):
        return Place(name, f"<{name}>", "by-hand")
    variable = re.sub(r"\W", "_", name)
    text = f"${{{variable}}}"
    if place == quoting.UNQUOTED:
        text = f'"{text}"'
    elif place == quoting.SINGLE:
        text = f"'\"{text}\"'"
    return Place(name, text, "secret", place)


def fill_text(text: str, values: Values) -> str:
    """A line of prose with its values; what has none stays as it is."""
    return USE.sub(lambda use: values.get(use[1]) or use[0], text)


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
    def block(mark: re.Match) -> str:
        return _marked(next(in_blocks, Place(mark[1], mark[2], "missing")), mark[2])

    def inline(mark: re.Match) -> str:
        use = USE.fullmatch(f"{{{{ {mark[1]} }}}}")
        value = values.get(mark[1], "")
        return _marked(_place(use, True, quoting.UNQUOTED, value), mark[2])  # type: ignore[arg-type]

    def prose(mark: re.Match) -> str:
        value = values.get(mark[1], "")
        place = Place(mark[1], value or f"<{mark[1]}>", "filled" if value else "missing")
        return _marked(place, mark[2])

    if part.startswith("<pre "):
        return MARKED.sub(block, part)
    return MARKED.sub(inline if part.startswith("<code>") else prose, part)


def _marked(place: Place, before: str) -> str:
    text = before if place.state == "missing" else escape(place.text)
    look = "param" if place.state == "filled" else "param missing"
    more = f' data-secret="{escape(place.around)}"' if place.state == "secret" else ""
    look = "param" if place.state == "secret" else look
    return f'<span class="{look}" data-param="{escape(place.name)}"{more}>{text}</span>'
