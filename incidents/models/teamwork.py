"""What people do in an incident while it is open: roles, notes, tasks, services, links."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import models, transaction

from incidents import notices
from portal.core.data import clock
from portal.core.data.audit import record
from portal.core.data.signs import refusal_of
from portal.core.media.uploads import StoredImage
from portal.core.problems import Conflict, Refused

from .amendments import may_name
from .choices import WRITTEN, EntryKind, Impact, Role
from .entries import LONGEST_ENTRY, Entry, Pin
from .joined import AffectedService, IncidentLink, IncidentRun, Relation, Task
from .participants import Participant
from .pictures import EvidencePicture

WORK = "incidents.change_incident"


class Teamwork(models.Model):
    """The verbs of those who work on it. Raises WrongState once it is closed where that matters."""

    pk: Any
    name: Any
    _take_turn: Any
    _require_open: Any
    _add: Any
    _give: Any
    _touch: Any
    holder: Any
    entries: Any
    assignments: Any
    affected: Any
    incident_runs: Any
    tasks: Any
    links: Any

    class Meta:
        abstract = True

    @transaction.atomic
    def assign(self, role: str, to, *, by, at: datetime | None = None) -> bool:
        """Give a role to somebody, who is told; with None it is free. False: it is so already."""
        at = at or clock.now()
        self._take_turn()
        self._require_open("change the roles of")
        before = self.holder(role)
        if before == to:
            return False
        if to is not None:
            self._require_worker(to)
            self._give(role, to, at=at)
            Participant.objects.join(self, [to], at=at)
        else:
            self.assignments.filter(role=role, until=None).update(until=at)
        label = Role(role).label
        left = "gave it back" if by == before else "had it"
        text = f"{label}: {to}" if to else f"{label}: nobody, {before} {left}"
        self._add(EntryKind.ROLE, text, by=by, at=at, about={"role": role})
        self._touch(at)
        record(self, "assign", by=by, **{role: (before or "", to or "")})
        notices.assigned(self, label, to=to, before=before, by=by)
        return True

    def _require_worker(self, person, pointer: str = "/person") -> None:
        if not person.is_active or not person.has_perm(WORK):
            detail = f"{person} may not work on incidents. Choose somebody who may."
            raise Refused(detail, pointer=pointer)

    @transaction.atomic
    def note(
        self,
        text: str,
        *,
        by,
        kind: str = EntryKind.NOTE,
        picture: StoredImage | None = None,
        at: datetime | None = None,
    ) -> Entry:
        """Add a note, decision or finding to the timeline, also after the end.

        With a picture the text may be empty.
        """
        if kind not in WRITTEN:
            raise Refused("It is a note, decision, finding or evidence.", pointer="/kind")
        text = _checked(text) if text.strip() or picture is None else ""
        at = at or clock.now()
        self._take_turn()
        entry = self._add(kind, text, by=by, at=at)
        if picture is not None:
            alt = f"Evidence of {self.name}"
            EvidencePicture.objects.keep(picture, alt=alt, by=by, entry=entry)
        self._touch(at)
        Participant.objects.join(self, [by], at=at)
        return entry

    @transaction.atomic
    def correct(self, entry: Entry, text: str, *, by, at: datetime | None = None) -> Entry:
        """Say what is right: the entry stays as it was written, and points to this one."""
        text = _checked(text)
        at = at or clock.now()
        self._take_turn()
        about = {"entry": entry.pk}
        new = self._add(EntryKind.CORRECTION, text, by=by, at=at, corrects=entry, about=about)
        self._touch(at)
        return new

    @transaction.atomic
    def pin(self, entry: Entry, *, by, at: datetime | None = None) -> bool:
        """Let everybody see this entry first. False: it is pinned."""
        self._take_turn()
        _, is_new = Pin.objects.get_or_create(
            entry=entry, defaults={"by": by, "at": at or clock.now()}
        )
        return is_new

    @transaction.atomic
    def unpin(self, entry: Entry, *, by) -> bool:
        self._take_turn()
        return bool(Pin.objects.filter(entry=entry).delete()[0])

    # Tasks

    @transaction.atomic
    def add_task(self, text: str, *, by, owner=None, at: datetime | None = None) -> Task:
        """The owner takes part from now on. Raises Refused for who may not work on incidents."""
        text = _checked(text)
        if owner:
            self._require_worker(owner, pointer="/owner")
        at = at or clock.now()
        self._take_turn()
        self._require_open("add a task to")
        task = self.tasks.model(incident=self, text=text, owner=owner, added_at=at)
        task.full_clean(exclude=["owner"])
        task.save()
        if owner:
            Participant.objects.join(self, [owner], at=at)
        said = f"New: {text}" + (f" ({owner})" if owner else "")
        self._add(EntryKind.TASK, said, by=by, at=at, about={"task": task.pk})
        self._touch(at)
        return task

    @transaction.atomic
    def complete_task(self, task: Task, *, by, at: datetime | None = None) -> bool:
        """False: it is done already."""
        at = at or clock.now()
        self._take_turn()
        if not Task.objects.filter(pk=task.pk, done_at=None).update(done_at=at, done_by=by):
            return False
        task.refresh_from_db()
        self._add(EntryKind.TASK, f"Done: {task.text}", by=by, at=at, about={"task": task.pk})
        self._touch(at)
        return True

    # What belongs to it

    @transaction.atomic
    def affect(self, service, *, by, impact: str | None = None, at: datetime | None = None):
        """Add a service, or say what it does now. Returns whether something changed.

        Without an impact that of a new one is unknown, and of a known one stays.
        """
        at = at or clock.now()
        self._take_turn()
        row, is_new = self.affected.get_or_create(
            service=service, defaults={"impact": impact or Impact.UNKNOWN, "added_at": at}
        )
        impact = impact or row.impact
        if not is_new and row.impact == impact:
            return False
        AffectedService.objects.filter(pk=row.pk).update(impact=impact)
        text = f"{service}: {Impact(impact).label}"
        self._add(EntryKind.SERVICE, text, by=by, at=at, about={"service": service.slug})
        self._touch(at)
        return True

    @transaction.atomic
    def spare(self, service, *, by, at: datetime | None = None) -> bool:
        """The service is not affected after all."""
        at = at or clock.now()
        self._take_turn()
        if not self.affected.filter(service=service).delete()[0]:
            return False
        about = {"service": service.slug}
        self._add(EntryKind.SERVICE, f"{service}: not affected", by=by, at=at, about=about)
        self._touch(at)
        return True

    @transaction.atomic
    def join_run(self, run, *, by, at: datetime | None = None) -> bool:
        """A run of a runbook is part of it: its steps stand in the timeline.

        Raises Conflict for one of another incident, and names that to those who may see it.
        """
        at = at or clock.now()
        self._take_turn()
        known = IncidentRun.objects.filter(run=run).select_related("incident").first()
        if known and known.incident_id == self.pk:
            return False
        if known:
            raise Conflict(_not_joined(run, known.incident, by))
        self.incident_runs.create(run=run, joined_at=at)
        self._add(EntryKind.RUN, f"{run.runbook}", by=by, at=at, about={"run": run.pk})
        self._touch(at)
        return True

    @transaction.atomic
    def relate(self, other, *, by, at: datetime | None = None) -> bool:
        """The two have to do with each other; both timelines say so. False: they say it already."""
        if other.pk == self.pk:
            raise Refused("Choose another incident.", pointer="/to")
        at = at or clock.now()
        first, second = sorted((self, other), key=lambda row: row.pk)
        for each in (first, second):
            each._take_turn()
        _, is_new = Relation.objects.get_or_create(first=first, second=second)
        for one, to in ((self, other), (other, self)):
            if is_new and may_name(one, to):
                one._add(EntryKind.RELATED, to.name, by=by, at=at, about={"incident": to.pk})
        return is_new

    @transaction.atomic
    def add_link(self, url: str, title: str, *, by, at: datetime | None = None) -> IncidentLink:
        """An address that all need: a call, a dashboard. The same again is its new title."""
        at = at or clock.now()
        self._take_turn()
        link = self.links.filter(url=url).first() or self.links.model(incident=self, url=url)
        link.title, link.by, link.added_at = title.strip() or url[:120], by, at
        link.full_clean(exclude=["by"])
        link.save()
        about = {"url": url}
        self._add(EntryKind.LINK, f"{link.title}: {url}", by=by, at=at, about=about)
        self._touch(at)
        return link

    def involved(self) -> Iterable:
        """The people who have a role in it now."""
        rows = self.assignments.filter(until=None, person__is_active=True)
        return list(dict.fromkeys(row.person for row in rows.select_related("person")))


def _not_joined(run, incident, person) -> str:
    if person and incident.is_visible_to(person):
        return f"Run {run.pk} belongs to {incident.name}."
    return f"Run {run.pk} cannot be added."


def _checked(text: str) -> str:
    text = text.strip()
    if not text:
        raise Refused("Write something.", pointer="/text")
    if len(text) > LONGEST_ENTRY:
        raise Refused(f"At most {LONGEST_ENTRY:,} characters are accepted.", pointer="/text")
    if refusal := refusal_of(text, is_text=True):
        raise Refused(refusal, pointer="/text")
    return text
