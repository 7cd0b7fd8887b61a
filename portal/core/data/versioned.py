"""Optimistic locking: a write names what it is based on, and the later of two is told, not lost."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.db import models
from django.db.models import F

from portal.core.problems import Stale


class Versioned(models.Model):
    """A row with a mark that every write moves on.

    `MARK` is its column, `STALE` the refusal, `READ_AGAIN` the columns that a write depends on and
    that others may have changed: all of them if None.
    """

    MARK: ClassVar[str] = "revision"
    STALE: ClassVar[type[Stale]] = Stale
    READ_AGAIN: ClassVar[tuple[str, ...] | None] = ()

    class Meta:
        abstract = True

    def claim(self, based_on: Any, *, yours: Any = None, to: Any = None, **changes: Any) -> None:
        """Take the row's lock and its next mark (or the mark `to`), in the caller's transaction.

        `based_on` is the mark that the writer saw; with None the write goes on top of whatever
        stands there. Raises STALE with all three texts if somebody else wrote since.
        """
        rows = type(self)._default_manager.filter(pk=self.pk)
        seen = rows if based_on is None else rows.filter(**{self.MARK: based_on})
        following = F(self.MARK) + 1 if to is None else to
        if not seen.update(**{self.MARK: following}, **changes):
            self.refresh_from_db()
            base, theirs = self.stood_at(based_on), self.standing()
            raise self.STALE.of(self, base=base, theirs=theirs, yours=yours)
        columns = self.READ_AGAIN
        self.refresh_from_db(fields=None if columns is None else [self.MARK, *columns])

    def stands(self, changes: Mapping[str, Any], *, based_on: Any = None) -> bool:
        """Whether the row, read anew, has these values: what changes nothing moves no mark on.

        False if somebody wrote since `based_on`: then `claim` says so.
        """
        self.refresh_from_db()
        if based_on not in (None, getattr(self, self.MARK)):
            return False
        return all(getattr(self, name) == value for name, value in changes.items())

    def stood_at(self, mark: Any) -> Any:
        """What the writer saw; None where that is not kept."""
        return None

    def standing(self) -> Any:
        """What stands there now."""
        return self
