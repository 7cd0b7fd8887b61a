"""Code blocks: a label, a copy button, and six short classes of colour."""

import re
from functools import cache
from html import escape
from itertools import groupby

from pygments.lexer import Lexer
from pygments.lexers import get_lexer_by_name
from pygments.token import Comment, Keyword, Name, Number, Operator, String

from portal.core.markdown import fences, sessions
from portal.core.markdown.budget import Budget
from portal.core.markdown.parameters import USE
from portal.core.markdown.sessions import ANSWERED, PROMPT, TYPED, Session

# label, lexer and every name that authors give to it
LANGUAGES = (
    (
        "Shell",
        "bash",
        (
            *("bash", "sh", "shell", "zsh", "console", "terminal"),
            *("shell-session", "shellsession", "sh-session", "bash-session"),
        ),
    ),
    ("PromQL", "promql", ("promql",)),
    ("YAML", "yaml", ("yaml", "yml")),
    ("JSON", "json", ("json",)),
    ("SQL", "sql", ("sql", "postgresql", "psql", "mysql")),
    ("Python", "python", ("python", "py", "python3")),
    ("Go", "go", ("go", "golang")),
    ("JavaScript", "javascript", ("javascript", "js", "typescript", "ts")),
    ("INI", "ini", ("ini", "cfg", "conf", "properties", "systemd", "desktop")),
    ("TOML", "toml", ("toml",)),
    ("Diff", "diff", ("diff", "patch")),
    ("Dockerfile", "docker", ("dockerfile", "docker")),
    ("Nginx", "nginx", ("nginx",)),
    ("HTML", "html", ("html", "xml")),
    ("PowerShell", "powershell", ("powershell", "ps1", "pwsh", "ps1con", "pwsh-session")),
    ("Batch", "bat", ("bat", "cmd", "batch", "doscon")),
    ("Terraform", "terraform", ("terraform", "hcl", "tf")),
    ("HTTP", "http", ("http",)),
    ("Text", "", ("text", "txt", "plain", "plaintext", "none")),
)
KNOWN = {alias: (label, lexer) for label, lexer, names in LANGUAGES for alias in names}
LOOKS = (
    (Comment, "hl-c"),
    (String, "hl-s"),
    (Keyword, "hl-k"),
    (Operator.Word, "hl-k"),
    (Number, "hl-m"),
    (Name, "hl-n"),
)
WITHOUT_LOOK = (Name, Name.Other)
# colouring is a nicety: a larger block or a longer line is shown in one colour, since the
# patterns of some lexers need the square of a line's length
LARGEST_COLOURED = 20_000
LONGEST_COLOURED_LINE = 500
OPTION = re.compile(r"(?<=[ \t])--?[A-Za-z][\w-]*")


def block(text: str, info: str, names: set[str], budget: Budget) -> str:
    """The HTML of a code block whose fence says `info`; parameters among `names` are marked."""
    text, fence = text.removesuffix("\n"), fences.read(info)
    session = sessions.read(text, fence.name)
    label, lexer = _language(fence, session)
    what = label if label == "Code" else f"{label} code"
    # what is no command of its step has no places for values, which are counted
    names = set() if fence.is_directive else names
    code = marked(text, lexer, names, budget, session)
    return (
        f'<div class="code"><div class="code-head"><span>{escape(label)}</span>'
        '<button class="btn btn-quiet" type="button" data-copy>Copy</button></div>'
        f'<pre tabindex="0" role="group" aria-label="{escape(what)}">'
        f"<code>{code}</code></pre></div>\n"
    )


def _language(fence: fences.Fence, session: Session | None) -> tuple[str, str]:
    """The label, with the title of the block, and the lexer."""
    if not fence.name:
        label, lexer = KNOWN[session.language or "shell"] if session else ("Code", "")
    else:
        label, lexer = KNOWN.get(fence.name.lower(), (fence.name, ""))
    return f"{label} {fence.title}".strip(), lexer


def diagram(text: str) -> str:
    """The source of a Mermaid diagram, readable where it is not drawn."""
    return (
        '<figure class="diagram" data-mermaid>'
        '<pre tabindex="0" role="group" aria-label="Source of the diagram">'
        f"<code>{escape(text.removesuffix(chr(10)))}</code></pre></figure>\n"
    )


def catalog(text: str) -> str:
    """A block that names a view of the catalog: drawn when the page is read, not before."""
    return (
        '<figure class="diagram" data-catalog>'
        '<pre tabindex="0" role="group" aria-label="What to draw from the catalog">'
        f"<code>{escape(text.removesuffix(chr(10)))}</code></pre></figure>\n"
    )


PICTURES = {"mermaid": diagram, "diagram": catalog}


def command(text: str, info: str) -> dict[str, str]:
    """The `language` of a block and its `text` as somebody would type it: without prompts."""
    name = fences.read(info).name
    session = sessions.read(text, name)
    if session is None:
        return {"language": name, "text": text.removesuffix("\n")}
    return {"language": session.language, "text": session.typed(text).strip("\n")}


def inline(text: str, names: set[str]) -> str:
    """The HTML of code within a line."""
    looks: list = [None] * len(text)
    if text.startswith("$ "):
        looks[:2] = ["hl-p"] * 2
    return f"<code>{_html(text, looks, names)}</code>"


def marked(
    text: str, lexer: str, names: set[str], budget: Budget, session: Session | None = None
) -> str:
    """The escaped text with its colours, prompts and parameters; answers are `<samp>`."""
    if session is None:
        return _html(text, _colours(text, lexer, budget), names)
    colours = iter(_colours(session.typed(text), lexer, budget))
    looks: list = []
    for start, end, what in session.pieces:
        look = "hl-p" if what == PROMPT else None
        looks += [next(colours) if what == TYPED else look for _ in range(start, end)]
    _mark_uses(text, looks, names)
    return "".join(_segment(text, looks, *piece) for piece in session.pieces)


def _segment(text: str, looks: list, start: int, end: int, what: str) -> str:
    html = _pieces_html(text, looks, start, end)
    return f"<samp>{html}</samp>" if what == ANSWERED else html


def _colours(text: str, lexer: str, budget: Budget) -> list:
    looks: list = [None] * len(text)
    if lexer and _is_colourable(text):
        _colour(text, _lexer(lexer), looks, budget)
    if lexer == "bash":
        _mark_options(text, looks)
    return looks


def _is_colourable(text: str) -> bool:
    return len(text) <= LARGEST_COLOURED and all(
        len(line) <= LONGEST_COLOURED_LINE for line in text.split("\n")
    )


@cache
def _lexer(name: str) -> Lexer:
    return get_lexer_by_name(name)


def _colour(text: str, lexer: Lexer, looks: list, budget: Budget) -> None:
    for start, kind, value in lexer.get_tokens_unprocessed(text + "\n"):
        if budget.is_half_used():
            return
        look = _look(kind)
        if look:
            looks[start : start + len(value)] = [look] * len(value)


@cache
def _look(kind) -> str | None:
    if kind in WITHOUT_LOOK:
        return None
    return next((look for base, look in LOOKS if kind in base), None)


def _mark_options(text: str, looks: list) -> None:
    for option in OPTION.finditer(text):
        start, end = option.span()
        if not any(looks[start:end]):
            looks[start:end] = ["hl-n"] * (end - start)


def _html(text: str, looks: list, names: set[str]) -> str:
    _mark_uses(text, looks, names)
    return _pieces_html(text, looks, 0, len(text))


def _mark_uses(text: str, looks: list, names: set[str]) -> None:
    for use in USE.finditer(text):
        if use[1] in names:
            looks[use.start() : use.end()] = [use] * len(use[0])


def _pieces_html(text: str, looks: list, start: int, end: int) -> str:
    pieces = groupby(range(start, end), key=looks.__getitem__)
    return "".join(_piece(text, look, list(places)) for look, places in pieces)


def _piece(text: str, look, places: list[int]) -> str:
    piece = escape(text[places[0] : places[-1] + 1])
    if look is None:
        return piece
    if isinstance(look, str):
        return f'<span class="{look}">{piece}</span>'
    return parameter(look[1], piece)


def parameter(name: str, shown: str) -> str:
    """The mark around a value that a reader fills in; `shown` is HTML."""
    return f'<span class="param" data-param="{name}">{shown}</span>'
