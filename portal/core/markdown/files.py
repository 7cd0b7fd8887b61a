"""How files of Markdown are named."""

from pathlib import PurePath

ENDINGS = (".md", ".markdown")


def is_markdown(path: PurePath) -> bool:
    return path.suffix.lower() in ENDINGS
