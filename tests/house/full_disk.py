"""A storage whose disk is full."""

from errno import ENOSPC

from django.core.files.storage import FileSystemStorage


class FullStorage(FileSystemStorage):
    def _save(self, name, content):
        raise OSError(ENOSPC, "No space left on device")
