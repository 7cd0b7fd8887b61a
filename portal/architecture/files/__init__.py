"""The catalog as documents: a row with all that belongs to it, the same in files and API."""

from .documents import document_of, documents_of, etag_of
from .store import NOUNS, Noun, keep, remove

__all__ = ["NOUNS", "Noun", "document_of", "documents_of", "etag_of", "keep", "remove"]
