"""How people on call are reached, before it has to work."""

from collections.abc import Iterable
from typing import NamedTuple

from portal.accounts.models import User
from portal.core.web.status import Status
from portal.notifications.models import ContactKind, ContactMethod, unreached

REACHABLE = Status("ok", "ok", "Reachable")
MAIL_ONLY = Status("warn", "nophone", "Mail only", loud=True)
FAILS = Status("warn", "warn", "A contact method fails", loud=True)
UNREACHED = Status("bad", "nophone", "Cannot be called", loud=True)


class Reach(NamedTuple):
    """How one person is reached: in a word, and by what."""

    status: Status
    line: str

    @property
    def is_callable(self) -> bool:
        return self.status is not UNREACHED


def reach_of(people: Iterable[User]) -> dict[int, Reach]:
    """By the key of each person; two queries."""
    people = list(people)
    methods = ContactMethod.objects.of_people(people) if people else {}
    keys = [each.pk for each in people]
    gone = {*unreached().filter(pk__in=keys).values_list("pk", flat=True)} if keys else set()
    return {each.pk: _reach(methods.get(each.pk, []), each.pk in gone) for each in people}


def _reach(methods: list[ContactMethod], is_unreached: bool) -> Reach:
    if is_unreached:
        return Reach(UNREACHED, "No contact method works.")
    services = [each for each in methods if each.kind != ContactKind.MAIL]
    failing = [each for each in methods if each.is_failing]
    if not services:
        return Reach(MAIL_ONLY, "Mail wakes nobody.")
    if len(failing) == len(methods):
        return Reach(UNREACHED, "All contact methods fail.")
    if failing:
        return Reach(FAILS, f"{len(failing)} of {len(methods)} contact methods fail.")
    return Reach(REACHABLE, "1 contact method" if len(methods) == 1 else f"{len(methods)} methods")
