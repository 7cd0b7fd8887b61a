"""What people read has one word for one thing: the table stands in `templates/README.md`."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
APPS = ("portal", "runbooks", "onboarding", "incidents")
ROW = re.compile(r"^\| (`.+`) \| (.+) \|$", re.MULTILINE)
UNREAD = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}|<[a-z/][^>]*>", re.DOTALL)
CODE = re.compile(
    r"^ *(`{3,}|~{3,}).*?^ *\1|`[^`\n]+`|\]\([^)]*\)|^---\n.*?^---$", re.DOTALL | re.MULTILINE
)
LABEL = re.compile(r'\b(?:title|label|hint|aria-label|placeholder)="([^"]+)"')
SCRIPTED = re.compile(r'"([^"\n]* [^"\n]*)"|`([^`]* [^`]*)`')


def table() -> list[tuple[str, str]]:
    words = (ROOT / "templates/README.md").read_text().partition("\n## Words\n")[2]
    return [
        (wrong, right)
        for many, right in ROW.findall(words)
        for wrong in re.findall("`([^`]+)`", many)
    ]


@cache
def read_by_people() -> list[tuple[str, str]]:
    """Each file with the text in it that somebody may read."""
    kinds = {"*.html": _page, "*.txt": _page, "*.js": _script, "*.md": _document, "*.py": _strings}
    roots = {"templates": ("*.html", "*.txt"), "static/js": ("*.js",), "docs": ("*.md",)}
    roots |= dict.fromkeys(APPS, ("*.py",))
    paths = [
        (path, kinds[kind])
        for root, found in roots.items()
        for kind in found
        for path in sorted((ROOT / root).rglob(kind))
        if "migrations" not in path.parts
    ]
    paths.append((ROOT / "README.md", _document))
    return [(str(path.relative_to(ROOT)), read(path.read_text())) for path, read in paths]


def _page(text: str) -> str:
    labels = " | ".join(LABEL.findall(text))
    return " ".join(UNREAD.sub(" ", text).split()) + " | " + labels


def _script(text: str) -> str:
    text = re.sub(r"^ *//[^\n]*|/\*.*?\*/", "", text, flags=re.MULTILINE | re.DOTALL)
    return " | ".join(a or b for a, b in SCRIPTED.findall(text))


def _document(text: str) -> str:
    return " ".join(CODE.sub(" ", text).split())


def _strings(source: str) -> str:
    """What is a sentence or a label, without docstrings."""
    tree = ast.parse(source)
    unread = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    found = [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in unread
    ]
    return " | ".join(" ".join(text.split()) for text in found if " " in text or text.istitle())


def matcher(words: str) -> re.Pattern:
    """A phrase with a capital is a label; the others are meant in any case."""
    start = r"\b" if words[0].isalpha() else ""
    end = r"\b" if words[-1].isalpha() else ""
    exact = words[0].isupper()
    return re.compile(start + re.escape(words) + end, 0 if exact else re.IGNORECASE)


def test_the_table_is_read():
    assert ("given up", "failed") in table() and len(table()) > 45


@pytest.mark.parametrize("words", [wrong for wrong, _ in table()])
def test_nobody_reads(words):
    wrong = matcher(words)
    found = [
        f"{name}: …{text[max(0, hit.start() - 40) : hit.end() + 40]}…"
        for name, text in read_by_people()
        for hit in wrong.finditer(text)
    ]

    assert found == []
