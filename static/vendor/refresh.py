#!/usr/bin/env python3
"""Fetch what this folder holds again, from the exact versions in package-lock.json.

For maintainers: needs Node, changes nothing but the copies and manifest.json, and writes the
same bytes each time. To upgrade, change a version in package.json, run
`npm install --package-lock-only --ignore-scripts` here, then this file.
"""

import hashlib
import json
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
NPM_FILES = ("package.json", "package-lock.json", ".npmrc")
INTER, MONO = "@fontsource-variable/inter", "@fontsource-variable/jetbrains-mono"
COPIES = {
    "@panzoom/panzoom": {
        "dist/panzoom.min.js": "panzoom.min.js",
        "MIT-License.txt": "LICENSE-panzoom",
    },
    "@tabler/core": {"dist/css/tabler.min.css": "tabler.min.css"},
    "@tabler/icons": {"LICENSE": "LICENSE-tabler-icons"},
    "htmx.org": {"dist/htmx.min.js": "htmx.min.js", "LICENSE": "LICENSE-htmx"},
    "mermaid": {"dist/mermaid.min.js": "mermaid.min.js", "LICENSE": "LICENSE-mermaid"},
    INTER: {
        **{
            f"files/inter-{part}.woff2": f"fonts/inter-{part}.woff2"
            for part in ("latin-wght-normal", "latin-wght-italic", "latin-ext-wght-normal")
        },
        "LICENSE": "fonts/LICENSE-inter",
    },
    MONO: {
        "files/jetbrains-mono-latin-wght-normal.woff2": (
            "fonts/jetbrains-mono-latin-wght-normal.woff2"
        ),
        "LICENSE": "fonts/LICENSE-jetbrains-mono",
    },
}
# its package carries no licence file, so ours was taken from its repository
KEPT = {"@tabler/core": ["LICENSE-tabler-core"]}
SPRITE = "icons.svg"
# collectstatic fails on a comment that names a map we do not ship
SOURCE_MAP = re.compile(rb"\s*(?:/\*# sourceMappingURL=[^*]*\*/|//# sourceMappingURL=\S+)\s*$")
SHAPE = re.compile(r"<(?:path|circle|rect|line|polyline)\s[^>]*/>")


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        modules = install(Path(folder))
        for package, files in COPIES.items():
            copy(modules / package, files)
        (HERE / SPRITE).write_text(sprite(modules / "@tabler/icons"), encoding="utf-8")
        rows = [row for package in COPIES for row in described(modules, package)]
    text = json.dumps(sorted(rows, key=lambda row: row["file"]), indent=2)
    (HERE / "manifest.json").write_text(text + "\n", encoding="utf-8")
    sys.stdout.write(f"{len(rows)} files are as package-lock.json says.\n")


def install(folder: Path) -> Path:
    """Install outside the work tree; returns the folder of the modules."""
    for name in NPM_FILES:
        shutil.copy(HERE / name, folder)
    npm = shutil.which("npm") or sys.exit("Install Node first: this needs npm.")
    command = [npm, "ci", "--ignore-scripts"]
    subprocess.run(command, cwd=folder, check=True)  # noqa: S603 (nothing in it comes from outside)
    return folder / "node_modules"


def copy(package: Path, files: dict[str, str]) -> None:
    for source, target in files.items():
        path = HERE / target
        path.parent.mkdir(exist_ok=True)
        content = (package / source).read_bytes()
        path.write_bytes(without_source_map(content) if path.suffix in {".css", ".js"} else content)


def without_source_map(content: bytes) -> bytes:
    return SOURCE_MAP.sub(b"", content) + b"\n"


def sprite(icons: Path) -> str:
    """One SVG of a symbol per line of icons.json: our id, their drawing."""
    names = json.loads((HERE / "icons.json").read_text(encoding="utf-8"))
    symbols = (symbol(icons, ours, theirs) for ours, theirs in sorted(names.items()))
    return '<svg xmlns="http://www.w3.org/2000/svg">\n' + "".join(symbols) + "</svg>\n"


def symbol(icons: Path, ours: str, theirs: str) -> str:
    drawing = (icons / "icons" / "outline" / f"{theirs}.svg").read_text(encoding="utf-8")
    shapes = "".join(shape for shape in SHAPE.findall(drawing) if 'stroke="none"' not in shape)
    return f'<symbol id="i-{ours}" viewBox="0 0 24 24">{shapes}</symbol>\n'


def described(modules: Path, package: str) -> list[dict[str, str]]:
    """The lines of the manifest for the files of a package."""
    about = json.loads((modules / package / "package.json").read_text(encoding="utf-8"))
    files = [*COPIES[package].values(), *KEPT.get(package, [])]
    files += [SPRITE] if package == "@tabler/icons" else []
    return [
        {
            "name": package,
            "version": about["version"],
            "licence": about["license"],
            "file": file,
            "sha256": hashlib.sha256((HERE / file).read_bytes()).hexdigest(),
        }
        for file in files
    ]


if __name__ == "__main__":
    main()
