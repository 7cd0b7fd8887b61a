"""From a text to everything that a page, a run, a search and a check of links need."""

import re
from dataclasses import dataclass, field, replace
from functools import cache
from operator import itemgetter

from django.urls import get_resolver
from markdown_it.token import Token

from portal.core.markdown import (
    captions,
    comments,
    fences,
    footnotes,
    front_matter,
    headings,
    links,
    loose_items,
    marks,
    parameters,
    sanitiser,
    steps,
    tables,
    words,
)
from portal.core.markdown.budget import Budget
from portal.core.markdown.dialects import anchors, contents, shortcodes
from portal.core.markdown.errors import MarkdownTooLarge
from portal.core.markdown.footnotes import Footnote
from portal.core.markdown.front_matter import FrontMatter
from portal.core.markdown.headings import Outline
from portal.core.markdown.link_marks import Pending
from portal.core.markdown.links import Links, Resolve, address_of
from portal.core.markdown.parser import PARSER
from portal.core.markdown.renderer import PageRenderer

SOURCE_LIMIT = 128 * 1024
LONGEST_LEDE = 300
OF_STEP = ("title_html", "html")  # the members of a step in which links are
HALF_CHARACTERS = re.compile("[\ud800-\udfff]")
RENDERER = PageRenderer(PARSER)


@dataclass(frozen=True)
class Rendered:
    """A text, rendered.

    `html` is safe and final. `toc` has `level`, `id`, `title`; `anchors` are written as authors
    write them, `id` is what stands on the page. `lede` is the first paragraph, shortened. `steps`
    have `number`, `title`, `title_html` (of a title with code in it), `html` (without the title
    where the title says it all), `text`, `commands` (`language`, `text` as it is typed, and
    `alternative` of one in a tab), `check`, `second_person`. `links` have `target` (without its
    anchor), `anchor`, `text`, `line`, `image`.
    `problems` have `code`, `line`, `detail`. Lines count from 1, front matter included.
    """

    html: str
    toc: list[dict]
    title: str
    lede: str
    plain: str
    front_matter: dict
    steps: list[dict]
    parameters: list[dict]
    links: list[dict]
    anchors: list[str]
    problems: list[dict]
    pending: Pending | None = None

    def resolved(self, resolve: Resolve) -> "Rendered":
        """What `render` with this `resolve` gives, of what was rendered with a Pending.

        Raises MarkdownError as `render` does.
        """
        pending, budget = self.pending, Budget()
        if pending is None:
            return self
        asked = budget.watching(resolve)
        addresses = [address_of(target, asked) for target in pending.targets]

        def filled(html: str) -> str:
            return pending.filled(html, addresses, budget)

        steps = [{**step, **{name: filled(step[name]) for name in OF_STEP}} for step in self.steps]
        return replace(self, html=filled(self.html), steps=steps, pending=None)


@dataclass
class Page:
    """What the rules of the parser and the renderer know about the text at hand."""

    names: set[str]
    budget: Budget
    depth: int = 0
    notes: list[Footnote] = field(default_factory=list)


@dataclass
class Parts:
    """A text taken apart, for `Rendered`."""

    front: FrontMatter
    parameters: list[dict]
    env: dict
    body: list[Token]
    everything: list[Token]  # the footnotes, too
    outline: Outline
    links: Links
    steps: list[steps.Step]
    problems: list[dict]


def render(text: str, *, resolve: Resolve | Pending | None = None) -> Rendered:
    """Render Markdown.

    `resolve` maps a relative target (a path without its anchor) to an address, or to None to leave
    it; with a Pending, `resolved` does that later, when it is known what is where. Raises
    MarkdownTooLarge for a source above 128 KiB, HTML above 2 MB or endless nesting, and
    MarkdownTooSlow for a text that needs more than a second.
    """
    if resolve:
        _load_addresses()
    return _shown(_taken_apart(text, resolve), resolve if isinstance(resolve, Pending) else None)


def _taken_apart(text: str, resolve: Resolve | Pending | None) -> Parts:
    budget = Budget()
    front = front_matter.read(_readable(text))
    declared, wrong = parameters.declared(front, budget)
    page = Page(names={parameter["name"] for parameter in declared}, budget=budget)
    env = {"page": page}
    text = comments.without_blocks(front.body, PARSER, env)
    tokens = fences.unindented(PARSER.parse(text, env))
    body, page.notes = footnotes.take_out(tokens, env)
    front = replace(front, body=comments.without_any(text, env))
    body = loose_items.joined(body)
    body, outline = headings.arrange(body, words.line(front.values.get("title")))
    everything = [*body, *(token for note in page.notes for token in note.tokens)]
    anchors.enter(everything, outline)
    contents.fill(everything, outline.toc)
    watched = page.budget.watching(resolve) if callable(resolve) else resolve
    found = links.follow(everything, outline, watched, front.first_line + 1)
    derived = _prepare(body, everything)
    problems = [
        *(*front.problems, *wrong, *parameters.usage_problems(front, declared)),
        *(*found.problems, *marks.problems(derived, front.first_line + 1)),
        *shortcodes.left(everything, front.first_line + 1),
    ]
    shown = [*front.shown, *body], [*front.shown, *everything]
    return Parts(front, declared, env, *shown, outline, found, derived, problems)


def _shown(parts: Parts, pending: Pending | None) -> Rendered:
    return Rendered(
        html=_page_html(parts.body, parts.env),
        toc=parts.outline.toc,
        title=parts.outline.title,
        lede=_lede(parts.body),
        plain=words.of_blocks(parts.everything),
        front_matter=parts.front.values,
        steps=[_step(step, parts.env) for step in parts.steps],
        parameters=parts.parameters,
        links=parts.links.found,
        anchors=parts.outline.anchors,
        problems=sorted(parts.problems, key=itemgetter("line")),
        pending=pending,
    )


@cache
def _load_addresses():
    """Once a process, before the time of its first text begins: it takes most of a second."""
    return get_resolver().reverse_dict


def _readable(text: str) -> str:
    """The text with one kind of line end and without halves of characters."""
    if len(text) > SOURCE_LIMIT or len(text.encode(errors="replace")) > SOURCE_LIMIT:
        raise MarkdownTooLarge(
            f"The text is longer than {SOURCE_LIMIT // 1024} kB. Split it into several pages."
        )
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    return HALF_CHARACTERS.sub("\ufffd", text)


def _prepare(body: list[Token], everything: list[Token]) -> list[steps.Step]:
    """Give the tokens what the renderer reads from them, and return the steps."""
    derived = steps.derive(body)
    captions.make_figures(everything)
    tables.name_tables(everything)
    return derived


def _page_html(body: list[Token], env: dict) -> str:
    return _html(body, env["page"].notes, env)


def _html(tokens: list[Token], notes: list[Footnote], env: dict) -> str:
    page = env["page"]
    page.depth = 0
    page.budget.start_page()
    text = RENDERER.render(tokens, PARSER.options, env)
    html = sanitiser.clean(text + RENDERER.render_footnotes(notes, PARSER.options, env))
    page.budget.check_time()
    return html


def _line_html(children: list[Token], env: dict) -> str:
    return sanitiser.clean(RENDERER.renderInline(children, PARSER.options, env)).strip()


def _lede(body: list[Token]) -> str:
    """The first paragraph that stands in the text itself, on one line."""
    for position, token in enumerate(body):
        if token.type == "paragraph_open" and token.level == 0 and token.tag == "p":
            return words.shortened(words.of_inline(body[position + 1].children), LONGEST_LEDE)
    return ""


def _step(step: steps.Step, env: dict) -> dict:
    body = step.body
    return {
        "number": step.number,
        "title": step.title,
        "title_html": _line_html(step.title_with_code, env),
        "html": _html(body, footnotes.referred(body, env["page"].notes), env),
        "text": words.of_blocks(step.whole),
        "commands": step.commands,
        "check": "check" in step.marks,
        "second_person": "second person" in step.marks,
    }
