import hashlib
import json
import re
from pathlib import Path

import pytest

STATIC = Path(__file__).resolve().parent.parent / "static"
VENDOR = STATIC / "vendor"
MANIFEST = json.loads((VENDOR / "manifest.json").read_text(encoding="utf-8"))
TOOLS = {
    *(".npmrc", "package.json", "package-lock.json"),
    *("refresh.py", "icons.json", "manifest.json"),
}
LOADS = re.compile(
    r"""url\(\s*["']?\s*(?:https?:)?//        # a picture, a font
      | @import\s*["'](?:https?:)?//          # a style sheet
      | \bsrc\s*=\s*["'](?:https?:)?//        # a script
      | \b(?:import|from)\s*\(?\s*["'](?:https?:)?//
      | importScripts\(\s*["'](?:https?:)?//
      | <link\b[^>]*\bhref\s*=\s*["'](?:https?:)?//""",
    re.VERBOSE | re.IGNORECASE,
)


def text_files():
    kinds = {".css", ".js", ".svg", ".html"}
    return sorted(path for path in STATIC.rglob("*") if path.suffix in kinds)


@pytest.mark.parametrize("row", MANIFEST, ids=lambda row: row["file"])
def test_each_vendored_file_is_the_one_of_the_manifest(row):
    content = (VENDOR / row["file"]).read_bytes()

    assert hashlib.sha256(content).hexdigest() == row["sha256"]
    assert all(row.values())


def test_no_vendored_file_is_missing_from_the_manifest():
    present = {path.relative_to(VENDOR).as_posix() for path in VENDOR.rglob("*") if path.is_file()}

    assert present - TOOLS == {row["file"] for row in MANIFEST}


def test_the_versions_are_those_of_the_lock():
    lock = json.loads((VENDOR / "package-lock.json").read_text(encoding="utf-8"))

    for row in MANIFEST:
        assert lock["packages"][f"node_modules/{row['name']}"]["version"] == row["version"]


def test_the_lock_names_no_registry():
    assert '"resolved"' not in (VENDOR / "package-lock.json").read_text(encoding="utf-8")


@pytest.mark.parametrize("path", text_files(), ids=lambda path: path.name)
def test_nothing_is_loaded_from_elsewhere(path):
    text = path.read_text(encoding="utf-8")

    assert [match.group() for match in LOADS.finditer(text)] == []
    assert "sourceMappingURL" not in text


def test_each_icon_that_a_template_uses_is_in_the_sprite():
    known = set(re.findall(r'id="(i-[a-z]+)"', (VENDOR / "icons.svg").read_text(encoding="utf-8")))
    templates = (STATIC.parent / "templates").rglob("*.html")
    used = {
        name
        for path in templates
        for name in re.findall(r"sprite }}#(i-[a-z]+)", path.read_text(encoding="utf-8"))
    }

    assert used <= known
