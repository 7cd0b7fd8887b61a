"""The catalog as documents: a row with all that belongs to it, the same in files and API."""

from .keeping import NOUNS, Noun, keep
from .shape import document_of, documents_of, etag_of

__all__ = ["NOUNS", "Noun", "document_of", "documents_of", "etag_of", "keep"]
