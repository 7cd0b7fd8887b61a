from .entries import Entry, Waiting
from .favourites import Favourite
from .words import Word

__all__ = ["Entry", "Favourite", "Waiting", "Word"]
