"""What people change about an incident itself: what it is called, and who may see it."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.db import models, transaction

from incidents import notices
from portal.core.data import clock
from portal.core.data.audit import record
from portal.core.problems import Forbidden, Stale
from portal.search import index

from .choices import EntryKind
from .entries import Entry
from .incident_queries import RESTRICTED
from .participants import Participant

TEXTS = ("title", "description")
NOT_YOURS = (
    "Only who restricted it, and those who may see all restricted incidents, open it to others."
)
NAMING = (EntryKind.RELATED, EntryKind.MERGED)  # entries that say another incident


class Amendments(models.Model):
    """Verbs that are open to those who work on it, also after its end."""

    pk: Any
    title: str
    description: str
    is_restricted: bool
    objects: Any
    entries: Any
    escalations: Any
    _take_turn: Any
    _change: Any
    _add: Any

    class Meta:
        abstract = True

    def tellable(self, entries: Iterable[Entry]) -> list[Entry]:
        """Those that name no incident that was restricted since; its own timeline names all."""
        entries = list(entries)
        named = {_named_by(each) for each in entries} - {None}
        if self.is_restricted or not named:
            return entries
        hidden = type(self).objects.filter(is_restricted=True, pk__in=named)
        secret = {*hidden.values_list("pk", flat=True)}
        return [each for each in entries if _named_by(each) not in secret]

    @property
    def text_mark(self) -> str:
        """Changes with its title and description, and with nothing else."""
        return sha256(f"{self.title}\n{self.description}".encode()).hexdigest()[:16]

    @transaction.atomic
    def change(
        self,
        changes: Mapping[str, str],
        *,
        by,
        based_on: str | None = None,
        at: datetime | None = None,
    ) -> bool:
        """Another title or description. `based_on`: the text_mark that the writer saw.

        False: it says that already. Raises Stale with both texts, or ValidationError.
        """
        at = at or clock.now()
        self._take_turn()
        wanted = {name: changes[name].strip() for name in TEXTS if name in changes}
        if all(getattr(self, name) == value for name, value in wanted.items()):
            return False
        if based_on not in (None, self.text_mark):
            raise self._overtaken(wanted)
        before = {name: getattr(self, name) for name in wanted}
        for name, value in wanted.items():
            setattr(self, name, value)
        self.full_clean(exclude={each.name for each in self._meta.fields} - {*TEXTS})
        self._change(**wanted)
        self._say_amended(before, wanted, by=by, at=at)
        record(self, "change", by=by, **_named(before, wanted))
        index.put(self)
        return True

    def _overtaken(self, yours: Mapping[str, str]) -> Stale:
        theirs = {name: getattr(self, name) for name in TEXTS}
        return Stale.of(self, base=None, theirs=theirs, yours=yours)

    def _say_amended(self, before: dict, after: dict, *, by, at: datetime) -> None:
        said = [f"Title: {after['title']}"] if _differs("title", before, after) else []
        said += ["New description"] if _differs("description", before, after) else []
        about = {"before": {name: before[name] for name in before if before[name] != after[name]}}
        self._add(EntryKind.CHANGED, "; ".join(said), by=by, at=at, about=about)

    @transaction.atomic
    def restrict(self, *, by, reason: str = "", at: datetime | None = None) -> bool:
        """From now on it exists only for those who take part or have the right, who are told.

        False: it is so.
        """
        at = at or clock.now()
        self._take_turn()
        if self.is_restricted:
            return False
        Participant.objects.join(self, [by], at=at)
        self._set_restricted(True, "Restricted", reason, by=by, at=at)
        return True

    @transaction.atomic
    def unrestrict(self, *, by, reason: str = "", at: datetime | None = None) -> bool:
        """Everybody who reads incidents may see it, with all of its timeline. False: they may.

        Raises Forbidden.
        """
        at = at or clock.now()
        self._take_turn()
        if not self.may_unrestrict(by):
            raise Forbidden(NOT_YOURS)
        if not self.is_restricted:
            return False
        self._set_restricted(False, "No longer restricted", reason, by=by, at=at)
        return True

    def may_unrestrict(self, person) -> bool:
        """Who restricted it, and who sees all restricted ones anyway."""
        if person.has_perm(RESTRICTED):
            return True
        changed = self.entries.of_kinds(EntryKind.CHANGED).filter(about__restricted=True)
        newest = changed.newest_first().first()
        return bool(newest and newest.by_id == person.pk)

    def _set_restricted(self, to: bool, word: str, reason: str, *, by, at: datetime) -> None:
        self._change(is_restricted=to)
        self.escalations.running().take_away()  # a step in hand was chosen before
        said = f"{word}: {reason.strip()}" if reason.strip() else word
        self._add(EntryKind.CHANGED, said, by=by, at=at, about={"restricted": to})
        record(self, "restrict" if to else "unrestrict", by=by, is_restricted=(not to, to))
        index.put(self)
        notices.restriction_changed(self, by=by, reason=reason.strip())


def may_name(timeline, other) -> bool:
    """Whether the timeline of one may say that the other exists: many may read it."""
    return bool(timeline.is_restricted or not other.is_restricted)


def _named_by(entry: Entry) -> int | None:
    """The number of the other incident that it says."""
    return entry.about.get("incident") if entry.kind in NAMING else None


def _differs(name: str, before: Mapping, after: Mapping) -> bool:
    return name in after and before[name] != after[name]


def _named(before: Mapping, after: Mapping) -> dict[str, tuple]:
    """For the audit log: the title as it was and is; of a description only that it changed."""
    found = {"title": (before["title"], after["title"])} if "title" in after else {}
    if _differs("description", before, after):
        found["description"] = (len(before["description"]), len(after["description"]))
    return found
