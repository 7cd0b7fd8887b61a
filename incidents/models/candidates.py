"""Who may be on call."""

from collections.abc import Iterable

from django.db.models import QuerySet

from portal.accounts.models import User
from portal.core.problems import Refused

ON_CALL = "incidents.add_override"  # whose role has it may be on call


def able() -> QuerySet[User]:
    """People who may be on call: active, and no readers."""
    return User.objects.who_may(ON_CALL).distinct()


def require_able(people: Iterable[User], pointer: str) -> None:
    """Raise Refused for somebody who left, or whose role may not be on call."""
    people = list(people)
    if not people:
        return
    known = {*able().filter(pk__in=[each.pk for each in people]).values_list("pk", flat=True)}
    for person in people:
        if person.pk not in known:
            detail = f"{person} cannot be on call: the account is off, or its role is reader."
            raise Refused(detail, pointer=pointer)
