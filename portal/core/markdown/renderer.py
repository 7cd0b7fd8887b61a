"""Tokens to HTML. Each method is named for the token that it writes."""

from collections.abc import MutableMapping, Sequence
from html import escape

from markdown_it.renderer import RendererHTML
from markdown_it.token import Token

from portal.core.markdown import code_html, contents_html, fences, words
from portal.core.markdown.footnotes import Footnote
from portal.core.markdown.notes import TONE_OF

ALIGNED = {"text-align:right": "al-right", "text-align:center": "al-center"}
MARKS = {"check": "check before going on", "second person": "asks for a second person"}


class PageRenderer(RendererHTML):
    """Writes within the budget of `env["page"]`."""

    def render(self, tokens: Sequence[Token], options, env: MutableMapping) -> str:
        """The HTML of block tokens. Raises MarkdownTooLarge and MarkdownTooSlow."""
        return self._write(tokens, options, env)

    def renderInline(self, tokens: Sequence[Token], options, env: MutableMapping) -> str:  # noqa: N802
        """The HTML of the tokens of a line."""
        return self._write(tokens, options, env)

    def _write(self, tokens: Sequence[Token], options, env: MutableMapping) -> str:
        page, pieces = env["page"], []
        for position, token in enumerate(tokens):
            page.budget.check_time()
            page.depth += token.nesting
            page.budget.check_depth(page.depth)
            if token.type == "inline":
                pieces.append(self.renderInline(token.children or [], options, env))
            else:
                rule = self.rules.get(token.type, self.renderToken)
                pieces.append(page.budget.spend(rule(tokens, position, options, env)))
        return "".join(pieces)

    def heading_open(self, tokens, position, options, env) -> str:
        token = tokens[position]
        anchor = token.meta.get("anchor")
        link = f'<a href="#{escape(anchor)}">' if token.meta.get("is_link") else ""
        return f'<{token.tag} id="{escape(anchor)}">{link}' if anchor else f"<{token.tag}>"

    def heading_close(self, tokens, position, options, env) -> str:
        link = "</a>" if tokens[position - 2].meta.get("is_link") else ""
        return f"{link}</{tokens[position].tag}>\n"

    def image(self, tokens, position, options, env) -> str:
        token = tokens[position]
        caption = token.meta.get("caption")
        title = token.attrs.get("title") if not caption else None
        attributes = {"src": token.attrs["src"], "alt": words.of_inline(token.children)}
        image = f"<img{_attributes(attributes | ({'title': title} if title else {}))} "
        below = f"<figcaption>{escape(caption)}</figcaption>" if caption else ""
        return f'{image}loading="lazy">{below}'

    def table_open(self, tokens, position, options, env) -> str:
        name = escape(tokens[position].meta["name"])
        return f'<div class="table-scroll" tabindex="0" role="region" aria-label="{name}"><table>\n'

    def table_close(self, tokens, position, options, env) -> str:
        return "</table></div>\n"

    def th_open(self, tokens, position, options, env) -> str:
        return f'<th scope="col"{_alignment(tokens[position])}>'

    def td_open(self, tokens, position, options, env) -> str:
        return f"<td{_alignment(tokens[position])}>"

    def fence(self, tokens, position, options, env) -> str:
        token, page = tokens[position], env["page"]
        picture = code_html.PICTURES.get(fences.read(token.info).name)
        if picture:
            return picture(token.content)
        return code_html.block(token.content, token.info, page.names, page.budget)

    def code_block(self, tokens, position, options, env) -> str:
        return self.fence(tokens, position, options, env)

    def code_inline(self, tokens, position, options, env) -> str:
        return code_html.inline(tokens[position].content, env["page"].names)

    def parameter(self, tokens, position, options, env) -> str:
        token = tokens[position]
        return code_html.parameter(token.meta["name"], escape(token.content))

    def step_mark(self, tokens, position, options, env) -> str:
        return f'<span class="chip">{MARKS[tokens[position].meta["mark"]]}</span>'

    def attributes(self, tokens, position, options, env) -> str:
        return ""

    def anchor(self, tokens, position, options, env) -> str:
        place = tokens[position].meta.get("id")
        return f'<span id="{escape(place)}"></span>' if place else ""

    def contents(self, tokens, position, options, env) -> str:
        return contents_html.of(tokens[position].meta.get("entries", []))

    def tabs_open(self, tokens, position, options, env) -> str:
        return '<div class="alternatives">'

    def tab_open(self, tokens, position, options, env) -> str:
        name = escape(tokens[position].meta["name"])
        return f'<div class="alternative" role="group" aria-label="{name}">'

    def tab_title_open(self, tokens, position, options, env) -> str:
        return '<p class="alternative-title">'

    def details_open(self, tokens, position, options, env) -> str:
        is_open = " open" if tokens[position].meta["is_open"] else ""
        return f'<details class="unfolds"{is_open}>'

    def bullet_list_open(self, tokens, position, options, env) -> str:
        token = tokens[position]
        if token.meta.get("is_procedure"):
            return '<ol class="procedure list-unstyled">\n'
        is_tasks = "contains-task-list" in str(token.attrs.get("class", ""))
        return '<ul class="tasks">\n' if is_tasks else "<ul>\n"

    def bullet_list_close(self, tokens, position, options, env) -> str:
        return "</ol>\n" if tokens[position].meta.get("is_procedure") else "</ul>\n"

    def ordered_list_open(self, tokens, position, options, env) -> str:
        token = tokens[position]
        look = ' class="procedure list-unstyled"' if token.meta.get("is_procedure") else ""
        start = token.attrs.get("start")
        return f'<ol{look} start="{start}">\n' if start is not None else f"<ol{look}>\n"

    def list_item_open(self, tokens, position, options, env) -> str:
        meta = tokens[position].meta
        if "number" in meta:
            done = '<span class="chip">done</span> ' if meta.get("checked") else ""
            return f'<li><span class="n">{meta["number"]}</span>{done}'
        if "checked" not in meta:
            return "<li>"
        name, box = ("done", "☑") if meta["checked"] else ("to do", "☐")
        shown = f'<span class="task-box" role="img" aria-label="{name}">{box}</span> '
        return f'<li class="task">{shown}'

    def note_open(self, tokens, position, options, env) -> str:
        tone = TONE_OF.get(str(tokens[position].meta["kind"]).lower(), "is-idle")
        return f'<div class="note {tone}" role="note">'

    def note_title_open(self, tokens, position, options, env) -> str:
        return '<p class="note-title">'

    def alert_open(self, tokens, position, options, env) -> str:
        return self.note_open(tokens, position, options, env)

    def alert_title_open(self, tokens, position, options, env) -> str:
        return self.note_title_open(tokens, position, options, env)

    def footnote_ref(self, tokens, position, options, env) -> str:
        meta = tokens[position].meta
        number = meta["id"] + 1
        place = f"{number}-{meta['subId'] + 1}" if meta["subId"] else f"{number}"
        return (
            f'<sup><a href="#fn-{number}" id="fnref-{place}" '
            f'aria-label="Footnote {number}">{number}</a></sup>'
        )

    def render_footnotes(self, notes: Sequence[Footnote], options, env: MutableMapping) -> str:
        items = "".join(self._footnote(note, options, env) for note in notes)
        opening = '<section class="footnotes" aria-label="Footnotes"><ol>\n'
        return f"{opening}{items}</ol></section>\n" if items else ""

    def _footnote(self, note: Footnote, options, env: MutableMapping) -> str:
        text = self.render(note.tokens, options, env)
        back = f'<a href="#fnref-{note.number}" aria-label="Back to the text">Back</a>'
        ending = back if note.references else ""
        opening = f'<li id="fn-{note.number}" value="{note.number}">'
        return f"{opening}{text}{ending}</li>\n"


def _attributes(attributes: dict[str, str]) -> str:
    return "".join(f' {name}="{escape(str(value))}"' for name, value in attributes.items())


def _alignment(token: Token) -> str:
    look = ALIGNED.get(str(token.attrs.get("style")))
    return f' class="{look}"' if look else ""
