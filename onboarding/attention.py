"""What those who keep guides have to mend: answers that did not help, pictures that are wrong."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Count, IntegerField, Subquery, Value
from django.db.models.functions import Coalesce
from django.urls import reverse

from portal.accounts.models import User

from .models import Guide, Question


@dataclass(frozen=True)
class Mend:
    """So many of one kind, and one of them by name."""

    count: int
    said: str
    first: str
    address: str


def to_mend(user) -> list[Mend]:
    """Of this person's teams, in one query; none for those who do not write."""
    kinds = dict(_kinds(user))
    if not kinds:
        return []
    columns: list = []
    for rows, title, *_ in kinds.values():
        columns += [_how_many(rows), Subquery(rows.order_by("pk").values(title)[:1])]
    found = User.objects.filter(pk=user.pk).values_list(*columns)[0]
    lines = zip(kinds.values(), found[::2], found[1::2], strict=True)
    return [
        Mend(count, one if count == 1 else many.format(count), first, address)
        for (_, _, one, many, address), count, first in lines
        if count
    ]


def _kinds(user) -> Iterator[tuple[str, tuple]]:
    """Name -> rows, the field of their title, words for one and for many, where they stand."""
    if not user.is_staff:
        return
    if user.has_perm("onboarding.change_question"):
        rows = Question.objects.visible(user).filter(is_published=True).unhelpful().owned_by(user)
        address = f"{reverse('admin:onboarding_question_changelist')}?state=mine"
        words = ("An answer did not help", "{} answers did not help")
        yield "questions", (rows, "question", *words, address)
    if user.has_perm("onboarding.change_guide"):
        rows = Guide.objects.current().flagged().owned_by(user)
        address = f"{reverse('admin:onboarding_guide_changelist')}?attention=my_pictures"
        words = ("A guide has pictures to mend", "{} guides have pictures to mend")
        yield "guides", (rows, "title", *words, address)


def _how_many(rows) -> Coalesce:
    one = rows.order_by().annotate(one=Value(1)).values("one")
    counted = one.annotate(n=Count("pk", distinct=True)).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)
