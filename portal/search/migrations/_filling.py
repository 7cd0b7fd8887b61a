"""How migrations put rows into the index: as of its first release, whatever the code says later."""

import re
from itertools import pairwise

WORD = re.compile(r"\w+")
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f]")
INNER = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|[_\-/.]+")
AT_ONCE = 200
SAID = ("permission", "is_current", "slug", "title", "squeezed", "about", "line", "facts")


def fill(apps, rows, entry) -> None:
    """Put `entry(row)`, the fields of an entry, of all rows."""
    keys = list(rows.order_by("pk").values_list("pk", flat=True))
    for first in range(0, len(keys), AT_ONCE):
        part = [entry(row) for row in rows.filter(pk__in=keys[first : first + AT_ONCE])]
        put(apps, sorted(part, key=lambda fields: fields["key"]))


def put(apps, rows: list[dict]) -> None:
    Entry = apps.get_model("search", "Entry")
    Entry.objects.bulk_create(
        [Entry(**_written(row)) for row in rows],
        update_conflicts=True,
        unique_fields=["kind", "key"],
        update_fields=[*SAID, "names", "body"],
    )
    learn(apps, " ".join(_said(row) for row in rows))


def learn(apps, text: str) -> None:
    Word = apps.get_model("search", "Word")
    words = {word for word in WORD.findall(text.lower()) if 3 < len(word) <= 40}
    Word.objects.bulk_create([Word(word=word) for word in sorted(words)], ignore_conflicts=True)


def _said(row: dict) -> str:
    """Its words, and neighbours in its title as one word."""
    words = WORD.findall(row["title"].lower())
    pairs = [one + other for one, other in pairwise(words)]
    joined = [pair for pair in pairs if pair.isalpha() and len(pair) <= 12]
    return " ".join([*words, *joined, *row["names"], row["body"]])


def _written(row: dict) -> dict:
    names = list(row["names"])
    spelled = " ".join([*names, *(INNER.sub(" ", name) for name in names)])
    return {
        **row,
        "title": CONTROL.sub(" ", row["title"]),
        "squeezed": "".join(WORD.findall(row["title"].lower()))[:300],
        "line": CONTROL.sub(" ", row["line"]),
        "names": CONTROL.sub(" ", spelled),
        "body": CONTROL.sub(" ", row["body"]),
    }
