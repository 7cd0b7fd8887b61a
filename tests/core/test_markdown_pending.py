"""A text rendered before its links are known ends as one that was rendered afterwards."""

from pathlib import Path

import pytest

from portal.core.markdown import MarkdownTooLarge, Pending, render

DOCS = Path(__file__).resolve().parents[2] / "docs"
LINKS = """
# A & B

[one](a.md) [two](a.md#part) [three](../b%20c.md?x=1&y=2 "T") ![four](img/d.png "cap")
[five](gone.md#x)

[six](https://example.org/a.md) [seven](#a--b) [eight](/runbooks/e/) <https://f.org> [nine](g'h.md)
[ten](<i j.md>) [eleven](k"l.md) [twelve][ref] [[not]](a.md) `[no](a.md)` [^1]
[odd](javascript%3Aalert)

1. Do [this](a.md#step) and `that`
2. See ![shot](img/d.png)

   ```shell
   $ open a.md
   ```
3. [`code`](a.md)

[ref]: m.md "A <title>"
[^1]: Note with [a link](n.md).
"""


def resolve(target: str) -> str | None:
    if target.startswith("gone"):
        return None
    if target == "n.md":
        return "javascript:alert(1)"  # refused
    return f"/runbooks/{target.strip('./')}/?a=1&b=\"'<x>"


@pytest.mark.parametrize(
    "text",
    [LINKS, "No links.", *(path.read_text() for path in sorted(DOCS.rglob("*.md"))[:40])],
)
@pytest.mark.parametrize("where", [resolve, lambda target: None])
def test_it_is_the_same(text, where):
    later = render(text, resolve=Pending())

    found, wanted = later.resolved(where), render(text, resolve=where)

    assert found.html == wanted.html
    assert found.steps == wanted.steps
    assert found == wanted


def test_it_may_be_resolved_again_and_differently():
    later = render("[a](b.md)", resolve=Pending())

    assert '"/one/"' in later.resolved(lambda target: "/one/").html
    assert '"/two/"' in later.resolved(lambda target: "/two/").html
    assert '"b.md"' in later.resolved(lambda target: None).html


def test_long_addresses_count_before_and_after():
    bomb = "[a]: /" + "x" * 1000 + "\n\n" + "[a]" * 20_000
    short = "[a]: b\n\n" + "[a]" * 20_000

    with pytest.raises(MarkdownTooLarge):
        render(bomb, resolve=Pending())
    later = render(short, resolve=Pending())
    with pytest.raises(MarkdownTooLarge):
        later.resolved(lambda target: "/" + "y" * 1000)
