"""Files of a tree that are no documents, each with why it is not taken."""

from collections.abc import Iterable
from pathlib import Path

NO_DOCUMENT = "no document: Markdown and images are read"
NAVIGATION = "mkdocs.yml"
TEXTS = (".adoc", ".asciidoc", ".doc", ".docx", ".htm", ".html", ".odt", ".org", ".pdf", ".rst")
TEXTS = (*TEXTS, ".textile", ".txt")
PICTURES = (".avif", ".bmp", ".heic", ".ico", ".tif", ".tiff")
DRAWINGS = (".drawio", ".puml", ".svg", ".vsdx")
MOST_ENDINGS = 5


def skipped(others: list[Path], taken: Iterable[str]) -> dict[str, str]:
    """{path: why}; a folder in which nothing is taken is one entry."""
    holding = {parent for path in taken for parent in Path(path).parents}
    found: dict[Path, list[Path]] = {}
    for path in others:
        above = [parent for parent in reversed(path.parents) if parent not in holding]
        found.setdefault(above[0] if above and above[0] != Path() else path, []).append(path)
    return {
        place.as_posix(): _why(place) if files == [place] else _together(files)
        for place, files in sorted(found.items())
    }


def _why(path: Path) -> str:
    ending = path.suffix.lower()
    if path == Path(NAVIGATION):
        return "no document: the titles in its navigation are read"
    if ending in TEXTS:
        return f"{ending} is not read: convert it to Markdown"
    if ending in DRAWINGS:
        return f"{ending} is not shown: save it as PNG"
    return f"{ending} is not taken: save it as PNG or JPEG" if ending in PICTURES else NO_DOCUMENT


def _together(files: list[Path]) -> str:
    endings = sorted({path.suffix.lower() or path.name for path in files})
    more = ", …" if len(endings) > MOST_ENDINGS else ""
    number = f"{len(files)} files" if len(files) > 1 else "1 file"
    return f"no documents: {number} ({', '.join(endings[:MOST_ENDINGS])}{more})"
