"""What pages and programs do with shifts: the verb of the model, and who is told of it."""

from datetime import datetime

from django.db import transaction

from incidents.models import Override, Rotation, Swap
from portal.accounts.models import User

from . import notices
from .shifts import shifts


@transaction.atomic
def override(rotation: Rotation, person: User | None, starts_at, ends_at, *, by, at, reason=""):
    """`Rotation.override`, told to whom it concerns."""
    begin = max(starts_at, at)
    rotation.require_override(person, begin, ends_at, by=by, at=at)
    replaced = _on_call(rotation, begin, ends_at)
    made = rotation.override(person, starts_at, ends_at, by=by, at=at, reason=reason)
    notices.overridden(made, replaced, by=by)
    return made


def _on_call(rotation: Rotation, since: datetime, until: datetime) -> list[User]:
    plan = Rotation.objects.filter(pk=rotation.pk).plans(since, until)[rotation.pk]
    keys = {each.person for each in shifts(plan, since, until) if each.person}
    return list(User.objects.filter(pk__in=keys))


@transaction.atomic
def cancel(row: Override, *, by: User, at: datetime) -> None:
    row.cancel(by=by, at=at)
    notices.cancelled(row, by=by)


@transaction.atomic
def propose(rotation: Rotation, asked: User, given, *, by: User, at: datetime, **more) -> Swap:
    made = rotation.propose_swap(asked, given, by=by, at=at, **more)
    notices.proposed(made)
    return made


@transaction.atomic
def decide(swap: Swap, verb: str, *, by: User, at: datetime) -> None:
    """`verb` is agree, decline or cancel."""
    getattr(swap, verb)(by=by, at=at)
    notices.decided(swap, by=by)
