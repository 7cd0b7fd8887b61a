"""Fenced blocks of documents that name a view: drawn from the catalog as it is when it is read."""

import re
from html import escape, unescape

from portal.architecture.graph import Graph
from portal.core.problems import Refused

from .mermaid import mermaid
from .views import Options, draw

LINE = re.compile(r"\s*([a-z]+)\s*:\s*(\S.*?)?\s*")
BLOCK = re.compile(
    r'<figure class="diagram" data-catalog(?:="")?><pre [^>]*><code>(.*?)</code></pre></figure>',
    re.DOTALL,
)
KNOWN = ("view", "service", "depth", "group", "only")


def options_of(text: str) -> Options:
    """What the lines of a block ask for. Raises Refused for a line that means nothing here."""
    asked = {}
    for line in text.splitlines():
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        match = LINE.fullmatch(line)
        if not match or match[1] not in KNOWN:
            raise Refused(f"“{line.strip()[:80]}” is none of {', '.join(KNOWN)}: value.")
        asked[match[1]] = match[2] or ""
    return Options.of(asked.get("view", "context"), asked)


def has_blocks(html: str) -> bool:
    return "data-catalog" in html and BLOCK.search(html) is not None


def problems_of(html: str, graph: Graph) -> list[str]:
    """Why blocks of a rendered document cannot be drawn, in their order."""
    texts = (unescape(text) for text in BLOCK.findall(html))
    return [problem for text in texts if (problem := problem_of(text, graph))]


def drawn(html: str, graph: Graph) -> str:
    """The rendered document with its blocks drawn from the catalog as it is now."""
    return BLOCK.sub(lambda block: figure_of(unescape(block[1]), graph), html)


def problem_of(text: str, graph: Graph) -> str:
    """Why a block cannot be drawn from the catalog; empty if it can."""
    try:
        mermaid(draw(graph, options_of(text)))
    except Refused as refusal:
        return refusal.detail
    return ""


def figure_of(text: str, graph: Graph) -> str:
    """The HTML of a block: the figure that pages draw, with the way to the whole diagram."""
    try:
        options = options_of(text)
        source = mermaid(draw(graph, options))
    except Refused as refusal:
        return (
            '<div class="note is-warn" role="note"><p class="note-title">This diagram is not drawn'
            f"</p><p>{escape(refusal.detail)}</p></div>"
        )
    address = f"/services/diagrams/{options.view}/?{options.query}".rstrip("?")
    return (
        '<figure class="diagram" data-mermaid>'
        '<pre tabindex="0" role="group" aria-label="Source of the diagram">'
        f"<code>{escape(source)}</code></pre>"
        f'<figcaption><a href="{escape(address)}">Open this diagram</a></figcaption></figure>'
    )
