"""Queries about rows of given keys, put together once however many there are."""

from collections.abc import Callable, Iterable

from django.db.models import QuerySet

from .queries import Prepared


class PreparedAmong:
    """`build(keys)` makes a `values_list()` query about the rows of these keys; see Prepared.

    It is put together once for each power of two: the last key is named again to fill it up.
    """

    def __init__(self, build: Callable[[list[int]], QuerySet]):
        self.prepared = Prepared(lambda **keys: build([*keys.values()]))

    def __call__(self, keys: Iterable[int]) -> list[tuple]:
        named = [*dict.fromkeys(keys)]
        if not named:
            return []
        count = 1 << (len(named) - 1).bit_length()
        named += named[-1:] * (count - len(named))
        return self.prepared(**{f"key{n}": key for n, key in enumerate(named)})
