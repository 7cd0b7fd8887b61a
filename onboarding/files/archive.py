"""A guide as one .zip, as `import_guides` reads it."""

import tempfile
from typing import BinaryIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from portal.core.markdown.files import ENDINGS
from portal.core.media.archives import ARCHIVE

from .document import write
from .exporter import text_of
from .folder import GUIDE

FORMS = (ARCHIVE, *ENDINGS, ".json")  # of files that guides are read from
OLDEST = (1980, 1, 1, 0, 0, 0)  # for each file, so that the same guide is the same archive


def zipped(guide) -> BinaryIO:
    """A guide with its pictures and films, as `import_guides` reads it. Raises OSError."""
    text, files, _ = text_of(guide)
    whole = tempfile.TemporaryFile()  # noqa: SIM115 - the answer closes it
    with ZipFile(whole, "w") as archive:
        archive.writestr(_info(f"{guide.slug}/{GUIDE}.md", ZIP_DEFLATED), write(text))
        for name, read in files.items():
            archive.writestr(_info(f"{guide.slug}/{name}", ZIP_STORED), read())
    whole.seek(0)
    return whole


def _info(name: str, kind: int) -> ZipInfo:
    info = ZipInfo(name, OLDEST)
    info.compress_type, info.external_attr = kind, 0o644 << 16
    return info
