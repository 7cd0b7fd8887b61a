"""Small typing errors in what is looked for, led back to words that stand in the texts."""

from runbooks.search import WORD, nearest_of, words_of

TEXTS_AT_MOST = 2000
SHORTEST = 4  # of a word that another may be meant to be


def forgiven(rows, words: str) -> tuple:
    """(those that have the words, ""); if none has: (those that have the nearest ones, these)."""
    found = rows.matching(words)
    if not words.split() or found.exists():
        return found, ""
    near = rows.matching(meant := _meant(rows, words))
    return (near, meant) if near.exists() else (found, "")


def _meant(rows, words: str) -> str:
    known = {
        word
        for row in rows.texts()[:TEXTS_AT_MOST]
        for text in filter(None, row)
        for word in WORD.findall(text.lower())
        if len(word) >= SHORTEST
    }
    return " ".join(nearest_of(word, known) for word in words_of(words)) or words
