"""Links, figures and code of Hugo and Jekyll; `left` names the shortcodes that stay text.

Links: `{{< ref "page.md" >}}`, `{% link _docs/page.md %}`, `{{ "/page/" | relative_url }}`,
`{{ site.baseurl }}/page/`. Figures: `{{< figure src="x.png" alt="…" >}}`, `{% include figure.html
src="x.png" %}`. Code: `{{< highlight sh >}}` and `{% highlight sh %}`.
"""

import re
from collections.abc import Iterator
from types import SimpleNamespace

from markdown_it.helpers import parseLinkDestination
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from portal.core.markdown import fences
from portal.core.markdown.blocks import closing_line, line_of
from portal.core.markdown.inline_rules import push_image, push_link

_QUOTED = r"(?:\"[^\"\n]{1,500}\"|'[^'\n]{1,500}'|`[^`\n]{1,500}`)"
_ANCHOR = r"(?P<anchor>#[\w-]{1,200})?"
REFERENCE = re.compile(
    r"\{\{[<%]-?[ \t]*(?:rel)?ref[ \t]+(?:path=)?"
    rf"(?P<path>{_QUOTED}|[^\s\"'`<>%{{}}]{{1,500}})[^\n{{}}<>]{{0,200}}?[>%]\}}\}}{_ANCHOR}"
)
LINK = re.compile(
    rf"\{{%-?[ \t]*(?:link|post_url)[ \t]+(?P<path>[^\s%{{}}]{{1,500}})[ \t]*-?%\}}{_ANCHOR}"
)
FILTERED = re.compile(
    rf"\{{\{{-?[ \t]*(?P<path>{_QUOTED})[ \t]*\|[ \t]*(?:relative_url|absolute_url|relURL|absURL)"
    rf"[ \t]*-?\}}\}}{_ANCHOR}"
)
SITE = re.compile(r"\{\{-?[ \t]*site\.(?:baseurl|base_url|url)[ \t]*-?\}\}")
FIGURE = re.compile(
    r"(?:\{\{[<%][ \t]*(?:figure|img|image)\b(?P<hugo>[^{}]{1,2000}?)/?[ \t]*[>%]\}\}"
    r"|\{%-?[ \t]*include[ \t]+(?:[\w./-]*/)?(?:figure|image|img|picture|screenshot)[\w.-]*"
    r"(?P<jekyll>[^{}]{1,2000}?)-?%\})"
)
SETTING = re.compile(r"(?:([\w-]+)[ \t]*=[ \t]*)?(\"[^\"]*\"|'[^']*'|`[^`]*`|[^\s\"'`=]+)")
SOURCES = ("src", "file", "url", "image_path", "path", "image", "")
TEXTS = ("alt", "caption", "title")
OPENING = re.compile(
    r"(?:\{\{[<%][ \t]*|\{%-?[ \t]*)(?P<kind>highlight|code)[ \t]*(?P<info>[^{}<>%]{0,200})"
    r"(?:[>%]\}\}|-?%\})"
)
CLOSING = re.compile(
    r"(?:\{\{[<%][ \t]*/[ \t]*|\{%-?[ \t]*end)(?P<kind>highlight|code)[ \t]*(?:[>%]\}\}|-?%\})"
)
# shortcodes, and blocks of Docusaurus, MkDocs and HTML that nothing closes or that are not known
LEFT = re.compile(
    r"\{\{[<%][^\n{}]{1,300}[>%]\}\}|\{%[^\n{}]{1,300}%\}|^(?::{3,}|/{3})[ \t]*[{\w].{0,300}"
    r"|<(?:details|summary|Tabs|TabItem)\b[^<>\n]{0,300}>"
    r"|<(?:a|div|font|iframe|img|p|span|table|video)[ \t]+[\w-]{1,40}=[\"']"
)
HINT = re.compile(r"\{[{%]|<|:::|///")  # of one of these
MOST = 20  # that are named


def destination(text: str, pos: int, maximum: int):
    """The target of a link of Markdown, which may be a shortcode."""
    start = pos
    while site := SITE.match(text, pos, maximum):
        pos = site.end()
    found = _reference(text, pos, maximum)
    if found:
        return SimpleNamespace(ok=True, pos=found.end(), str=_path(found))
    if pos > start and text[pos : pos + 1] in ("", ")", " "):
        return SimpleNamespace(ok=True, pos=pos, str="/")
    return parseLinkDestination(text, pos, maximum)


def _reference(text: str, pos: int, maximum: int) -> re.Match | None:
    if not text.startswith("{", pos):
        return None
    patterns = (REFERENCE, LINK, FILTERED)
    return next((found for each in patterns if (found := each.match(text, pos, maximum))), None)


def _path(found: re.Match) -> str:
    """A path of Jekyll starts at the root of the site."""
    path = found["path"].strip("\"'`")
    if found.re is LINK and not path.startswith("/"):
        path = f"/{path}"
    return path + (found["anchor"] or "")


def _link_or_figure(state: StateInline, silent: bool) -> bool:
    return _link(state, silent) or _figure(state, silent)


def _link(state: StateInline, silent: bool) -> bool:
    """An address that stands in the text by itself is a link to itself."""
    if state.linkLevel:
        return False
    found = _reference(state.src, state.pos, state.posMax)
    if found is None:
        return False
    address = state.md.normalizeLink(_path(found))
    if not state.md.validateLink(address):
        return False
    if not silent:
        push_link(state, address, _path(found))
    state.pos = found.end()
    return True


def _figure(state: StateInline, silent: bool) -> bool:
    found = FIGURE.match(state.src, state.pos, state.posMax)
    values = settings_of(found["hugo"] or found["jekyll"]) if found else {}
    source = next((values[name] for name in SOURCES if name in values), "")
    address = state.md.normalizeLink(SITE.sub("", source))
    if found is None or not address or not state.md.validateLink(address):
        return False
    if not silent:
        alt = next((values[name] for name in TEXTS if values.get(name)), "")
        push_image(state, address, alt, values.get("caption") or values.get("title") or "")
    state.pos = found.end()
    return True


def settings_of(text: str) -> dict[str, str]:
    """The settings of a shortcode or an element; "" is the first that has no name."""
    found: dict[str, str] = {}
    for name, value in SETTING.findall(text):
        found.setdefault(name, value.strip("\"'`"))
    return found


def _highlight(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    found = OPENING.fullmatch(line_of(state, start).rstrip())
    closing = closing_line(state, start, end, OPENING, CLOSING) if found else None
    if found is None or closing is None:
        return False
    if not silent:
        token = state.push("fence", "code", 0)
        token.info = found["info"].strip().partition(" ")[0]
        token.content = state.getLines(start + 1, closing, state.sCount[start], True)
        token.map, token.markup = [start, closing + 1], "```"
        state.line = closing + 1
    return True


def left(tokens: list[Token], first_line: int) -> Iterator[dict]:
    """A problem for each kind of shortcode that stays text, where it stands first."""
    known: set[str] = set()
    for token in tokens:
        for found in _left_in(token):
            name = " ".join(found.strip("{}<>%-/: \t").split()[:1])
            if name and name not in known and len(known) < MOST:
                known.add(name)
                yield _problem(found, (token.map or [0])[0] + first_line)


def _left_in(token: Token) -> Iterator[str]:
    if token.type == "fence" and fences.read(token.info).is_directive:
        yield token.info.strip()
    elif token.type == "inline" and HINT.search(token.content):
        for child in token.children or []:
            yield from LEFT.findall(child.content) if child.type == "text" else ()


def _problem(written: str, line: int) -> dict:
    if written.startswith("<"):
        written = f"<{written[1:].split()[0].rstrip('>')}>"
    shown = written if len(written) <= 80 else f"{written[:79]}…"
    detail = f"“{shown}” is shown as it is written: it is not Markdown."
    return {"code": "left-as-text", "line": line, "detail": detail}


BLOCKS, INLINE = {"{": _highlight}, {"{": _link_or_figure}
