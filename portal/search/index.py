"""Writing the index: the models call this where they change, in the same transaction."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import models, transaction

from portal.search.text.scripts import pieces
from portal.search.text.words import clean, kept, learn, spelled, squeezed

from . import registry
from .engines import engine
from .models import Entry, Waiting, Word
from .registry import Kind

AT_ONCE = 200
SAID = (
    *("permission", "is_current", "slug", "title", "squeezed"),
    *("about", "line", "facts", "names", "body", "title_pieces", "pieces"),
)
_noted: ContextVar[dict[tuple[str, int], None] | None] = ContextVar("noted", default=None)


def put(row: models.Model) -> None:
    """Make the index say what the row says in the database now. Its lock should be held."""
    kind, noted = registry.kind_of(row), _noted.get()
    if noted is None:
        put_many(kind, [row.pk])
    else:
        noted[kind.name, row.pk] = None


@transaction.atomic
def put_many(kind: Kind, keys: Iterable[int]) -> int:
    """The same for many rows; those that are gone are forgotten. Returns how many there are."""
    keys, count = sorted(keys), 0  # in one order: two at once do not wait for each other
    for first in range(0, len(keys), AT_ONCE):
        part = keys[first : first + AT_ONCE]
        entries = [_entry(kind, row) for row in kind.rows().filter(pk__in=part)]
        gone = set(part) - {entry.key for entry in entries}
        if gone:
            Entry.objects.filter(kind=kind.name, key__in=gone).delete()
        Entry.objects.bulk_create(
            entries, update_conflicts=True, unique_fields=["kind", "key"], update_fields=SAID
        )
        learn(set().union(*(kept(each.title, each.names, each.body) for each in entries)))
        count += len(entries)
    return count


def remove(kind: Kind, keys: Iterable[int]) -> None:
    """Forget rows that are deleted."""
    Entry.objects.filter(kind=kind.name, key__in=list(keys)).delete()


@contextmanager
def together(*, later: bool = False) -> Iterator[None]:
    """What is put inside is put once and in bulk: at the end of it, in the same transaction.

    `later`: it is only noted there, for `catch_up` after many such transactions.
    """
    if _noted.get() is not None:
        yield
        return
    noted: dict[tuple[str, int], None] = {}
    with transaction.atomic():
        token = _noted.set(noted)
        try:
            yield
        finally:
            _noted.reset(token)
        if later:
            Waiting.objects.bulk_create(Waiting(kind=name, key=key) for name, key in noted)
        else:
            _put(noted)


@transaction.atomic
def catch_up() -> int:
    """Put some of those that wait. Returns how many; none means that nothing waits any more.

    A change that comes in between waits with a number of its own, so none is overlooked.
    """
    rows = list(Waiting.objects.order_by("pk").values_list("pk", "kind", "key")[:AT_ONCE])
    _put(dict.fromkeys((kind, key) for _, kind, key in rows))
    Waiting.objects.filter(pk__in=[pk for pk, _, _ in rows]).delete()
    return len(rows)


def _put(noted: Iterable[tuple[str, int]]) -> None:
    for kind in registry.kinds():
        if keys := [key for name, key in noted if name == kind.name]:
            put_many(kind, keys)


@transaction.atomic
def follow(kind: Kind) -> bool:
    """Make the index say what rows of a kind of few say, of which nobody puts any.

    Says whether anything differed.
    """
    columns = ("key", *SAID)
    found = {row.pk: _entry(kind, row) for row in kind.rows()}
    wanted = {pk: tuple(getattr(each, name) for name in columns) for pk, each in found.items()}
    rows = Entry.objects.filter(kind=kind.name).values_list(*columns)
    known = {row[0]: row for row in rows}
    differing = [pk for pk in {*wanted, *known} if wanted.get(pk) != known.get(pk)]
    if differing:
        put_many(kind, differing)
    return bool(differing)


def rebuild(kind: Kind, *, dry_run: bool = False) -> tuple[int, int]:
    """Put every row of a kind anew, and forget what is gone. Returns how many of both.

    Each batch is a transaction of its own: the search works all the time, and nobody waits long.
    """
    keys = set(kind.rows().order_by().values_list("pk", flat=True))
    known = set(Entry.objects.filter(kind=kind.name).values_list("key", flat=True))
    if not dry_run:
        remove(kind, known - keys)
        for part in _parts(sorted(keys)):
            put_many(kind, part)
    return len(keys), len(known - keys)


def rebuild_words() -> int:
    """Forget words that stand nowhere any more, and repair the index itself. Returns how many."""
    engine().repair()
    words: set[str] = set()
    for text in Entry.objects.values_list("title", "names", "body").iterator(chunk_size=AT_ONCE):
        words |= kept(*text)
    gone = [word for word in Word.objects.values_list("word", flat=True) if word not in words]
    for part in _parts(gone):
        Word.objects.filter(word__in=part).delete()
    return len(gone)


def _parts(keys: list) -> Iterator[list]:
    for first in range(0, len(keys), AT_ONCE):
        yield keys[first : first + AT_ONCE]


def _entry(kind: Kind, row) -> Entry:
    text = kind.text(row)
    slug, own = kind.slug_of(row), [] if kind.slug else [row.slug]
    names, body = spelled([*text.names, *own]), clean(text.body)
    return Entry(
        kind=kind.name,
        key=row.pk,
        permission=kind.permission if text.is_published else kind.unpublished,
        is_current=text.is_current,
        slug=slug,
        title=clean(text.title),
        squeezed=squeezed(text.title),
        about=text.about[:100],
        line=clean(text.line),
        facts=text.facts,
        names=names,
        body=body,
        title_pieces=pieces(f"{text.title} {names}"),
        pieces=pieces(body),
    )
