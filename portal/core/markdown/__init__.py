"""Markdown to safe HTML, and everything that a text says about itself.

`render` is the only door. It never touches the database or the network and needs no Django.

The dialect is CommonMark with tables, `~~strikethrough~~`, task lists, footnotes, bare web
addresses, notes (`!!! note "Title"`, `> [!WARNING] Title`, `:::note`, `{{< hint warning >}}`),
Mermaid fences, fences of views of the catalog (`diagram`) and YAML front matter, and what
`dialects` has of other tools. Raw HTML is shown as text, so `<placeholder>` is never lost, but for
`<br>`, `<details>` with `<summary>`, and `<a name="…">`; its comments are comments. Code after a
numbered item belongs to the item although it is not indented far enough.

Two marks may end the first line of a step:

* `{check}`: whoever follows the step confirms the result before going on;
* `{second person}`: somebody else has to agree.
"""

from portal.core.markdown.document import Rendered, render
from portal.core.markdown.errors import MarkdownError, MarkdownTooLarge, MarkdownTooSlow
from portal.core.markdown.link_marks import Pending
from portal.core.markdown.stored import Sanitised

__all__ = [
    "MarkdownError",
    "MarkdownTooLarge",
    "MarkdownTooSlow",
    "Pending",
    "Rendered",
    "Sanitised",
    "render",
]
