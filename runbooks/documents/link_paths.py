"""Which files of a tree a link may mean, the likeliest first."""

from posixpath import dirname, join, normpath, splitext
from unicodedata import normalize

from portal.core.markdown.files import ENDINGS

INDEXES = ("/_index", "/index", "/README", "/readme", "/index.html")
NAMED_AS_FOLDER = ("_index", "index", "readme")
ENDS = ("", *(name + ending for name in ("", ".html", *INDEXES) for ending in ENDINGS))
PAGES = (".html", ".htm")
DEEPEST = 20
LONGEST = 500  # letters of a path that a runbook or an image can have


def documents_of(source: str, path: str) -> list[str]:
    """The documents that a link in the file at `source` may lead to."""
    found = [place + end for place in places_of(source, path) for end in ENDS]
    stem, ending = splitext(path)
    if ending.lower() in PAGES:  # the page that a generator makes of a file
        found += [place + end for place in places_of(source, stem) for end in ENDINGS]
        if stem.endswith("/index"):
            found += [place + end for place in places_of(source, dirname(stem)) for end in ENDS]
    return list(dict.fromkeys(found))


def places_of(source: str, path: str) -> list[str]:
    """The paths that a link in the file at `source` may mean, its ending as it is written.

    Where the root of a site was, to which `/docs/page/` is relative, nobody wrote down. A wiki
    names a page with spaces and its file with hyphens; disks keep é as one sign or as two.
    """
    folder = dirname(source)
    if path.startswith("/"):
        parts = folder.split("/")[:DEEPEST]
        tops = ["/".join(parts[:count]) for count in range(1, len(parts) + 1)]
        names = [path.lstrip("/")]
    else:
        tops, names = _folders(source, path), [path, path.replace(" ", "-")]
    names += [name.partition("?")[0] for name in names if "?" in name]
    found = dict.fromkeys(place for top in tops for name in names for place in _at(top, name))
    return [place for place in found if len(place) <= LONGEST]


def _folders(source: str, path: str) -> list[str]:
    """The folder of a file, and the one that its page is where each page is a folder."""
    folder, stem = dirname(source), splitext(source)[0]
    is_index = stem.rpartition("/")[2].lower() in NAMED_AS_FOLDER
    return [folder, stem] if path.startswith("../") and not is_index else [folder]


def _at(top: str, name: str) -> list[str]:
    place = normpath(join(top, name))
    if place.isascii():
        return [place]
    forms = [normpath(join(top, normalize(form, name))) for form in ("NFC", "NFD")]
    return [place, *forms, normalize("NFC", place), normalize("NFD", place)]
