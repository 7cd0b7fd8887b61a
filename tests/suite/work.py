"""Work, counted instead of timed: the same on every machine, however busy it is."""

import sys
from collections.abc import Callable


def work_of(call: Callable[[], object]) -> int:
    """How many lines of Python it runs, each turn of a loop anew. What is in C is free."""
    count = 0

    def trace(frame, event, argument):
        nonlocal count
        count += 1
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        call()
    finally:
        sys.settrace(before)
    return count


class Counted(str):
    """A text that counts how often texts of its kind are compared."""

    compared = 0
    __slots__ = ()
    __hash__ = str.__hash__

    def __eq__(self, other):
        Counted.compared += 1
        return str.__eq__(self, other)
