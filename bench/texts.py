"""Texts of about 6 KB, as runbooks are."""

import random

from bench.words import WORDS, own_word


def text(seed: int = 7) -> str:
    """The same for the same seed."""
    chosen = random.Random(seed)
    paragraphs = [" ".join(chosen.choices(WORDS, k=60)).capitalize() + "." for _ in range(11)]
    steps = "\n".join(_step(n, *chosen.choices(WORDS, k=2)) for n in range(1, 9))
    return "\n\n".join(["## Symptom", *paragraphs, "## Resolution", steps])


def own(n: int) -> str:
    """The line that only the runbook of this number has."""
    return f"The word {own_word(n)} is in this one only.\n"


def _step(n: int, about: str, where: str) -> str:
    return f"{n}. Look at the {about}:\n\n   ```shell\n   $ kubectl get pods -n {where}\n   ```\n"
