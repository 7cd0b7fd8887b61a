"""What the line of a fence says: the language of the block and a title, in the ways of all tools.

`bash`, `bash title="x.sh" linenums="1"`, `{.bash #id}` and `{ .bash }` of Pandoc and MkDocs,
`{code-block} bash` of MyST, `{bash, eval=FALSE}` of R Markdown.
"""

import re
from textwrap import dedent
from typing import NamedTuple

from markdown_it.common.utils import unescapeAll
from markdown_it.token import Token
from mdit_py_plugins.attrs.parse import ParseError, parse

from portal.core.markdown.notes import TONE_OF

TITLES = ("title", "filename", "file", "caption", "name", "header")
DIRECTIVES = ("code-block", "code", "code-cell", "sourcecode")
# of MyST: blocks of Markdown that are written as fences
BLOCKS = {"admonition", "figure", "image", "toctree", "contents", "include", "table", "list-table"}
BLOCKS |= {"tab-set", "tab-item", "dropdown", "card", "grid", "eval-rst", "seealso", *TONE_OF}
LOOKS = ("annotate", "copy", "no-copy", "select", "numberLines", "lineNumbers", "code", "highlight")
BRACED_WORD = re.compile(r"\{\s*(?P<name>[\w+#-]+)[^{}]*\}(?P<rest>.*)")
WHOLE = re.compile(
    r"\s*(?P<marks>`{3,}|~{3,})(?P<info>[^`\n]*)\n(?P<content>.*\n)?[ \t]*(?P=marks)[`~]*\s*\Z",
    re.DOTALL,
)
SETTING = re.compile(r"([\w-]+)=(\"[^\"]*\"|'[^']*'|\{[^{}]*\}|[^\s{}]+)|\{[^{}]*\}")


class Fence(NamedTuple):
    """`name` is the language as the author wrote it; `is_directive` if it names no language."""

    name: str
    title: str = ""
    is_directive: bool = False


def read(info: str) -> Fence:
    """What follows the backquotes."""
    info = unescapeAll(info).strip()
    if info.startswith("{"):
        return _attributes(info) or _directive(info)
    name, _, rest = info.partition(" ")
    name, braced, more = name.partition("{")
    return Fence(_plain(name), _title(f"{braced}{more} {rest}".strip()))


def _attributes(info: str) -> Fence | None:
    try:
        length, found = parse(info)
    except ParseError:
        return None
    classes = [name for name in found.get("class", "").split() if name not in LOOKS]
    title = next((found[name] for name in TITLES if name in found), "")
    return Fence(_plain(classes[0]) if classes else "", title or info[length + 1 :].strip())


def _directive(info: str) -> Fence:
    found = BRACED_WORD.fullmatch(info)
    if found is None:
        return Fence(info)
    if found["name"] in DIRECTIVES:
        name, _, title = found["rest"].strip().partition(" ")
        return Fence(_plain(name), _title(title))
    is_directive = found["name"].lower() in BLOCKS
    return Fence(_plain(found["name"]), _title(found["rest"].strip()), is_directive)


def _plain(name: str) -> str:
    """`bash` of `language-bash` and of `bash,ignore`."""
    return name.removeprefix("language-").removeprefix("lang-").partition(",")[0]


def _title(rest: str) -> str:
    """The words after the language; among settings only the one that is a title."""
    settings = SETTING.finditer(rest)
    titles = (found[2].strip("\"'") for found in settings if found[1] in TITLES)
    return next(titles, "") or SETTING.sub("", rest).strip()


def unindented(tokens: list[Token]) -> list[Token]:
    """The tokens, with a fence in place of each that was indented so far that it became code."""
    for token in tokens:
        found = WHOLE.match(token.content) if token.type == "code_block" else None
        if found and found["marks"] not in (found["content"] or ""):
            token.type, token.info = "fence", found["info"]
            token.content, token.markup = dedent(found["content"] or ""), found["marks"]
    return tokens
