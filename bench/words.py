"""The words that the seeded texts are made of."""

TEXT = """
quota disk replica certificate latency queue broker shard cursor socket tenant kernel
cluster backup snapshot volume ingress gateway token session cache index planner vacuum
"""
WORDS = TEXT.split()
FIRST = 1_000_000  # so that no such word is the beginning of another


def own_word(n: int) -> str:
    """The word that only the runbook of this number has."""
    return f"only{FIRST + n}"
