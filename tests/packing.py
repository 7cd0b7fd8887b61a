"""Archives as people send them."""

import io
import zipfile


def packed(files: dict, **options) -> bytes:
    """A .zip of these: {name or ZipInfo: content}."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", **options) as found:
        for name, content in files.items():
            found.writestr(name, content)
    return whole.getvalue()
