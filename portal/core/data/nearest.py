"""The known name that somebody may have meant."""

from collections.abc import Collection

from rapidfuzz import fuzz, process

NEAR = 60  # of 100
LONGEST = 100


def nearest(name: str, known: Collection[str]) -> str:
    """“Did you mean …?”, or nothing if none is like it."""
    found = process.extractOne(name[:LONGEST], known, scorer=fuzz.ratio, score_cutoff=NEAR)
    return f" Did you mean “{found[0]}”?" if found else ""
