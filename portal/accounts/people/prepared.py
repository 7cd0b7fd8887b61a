"""Queries that ask for one person, put together once for all who may do the same."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Exists, Model, QuerySet

from portal.accounts.models import User
from portal.core.data.queries import Prepared


class Rights(NamedTuple):
    """All by which the questions of a QuerySet may tell one person from another."""

    permissions: frozenset[str]
    is_staff: bool
    is_superuser: bool

    @classmethod
    def of(cls, user) -> "Rights":
        held = frozenset() if user.is_superuser else frozenset(user.get_all_permissions())
        return cls(held, user.is_staff, user.is_superuser)

    def somebody(self, pk: int) -> User:
        """A person who is not read from the database, with these rights."""
        user = User(pk=pk, is_staff=self.is_staff, is_superuser=self.is_superuser)
        user.role_permissions = self.permissions  # type: ignore[attr-defined]
        return user


class PreparedFor:
    """`build(user, **parameters)` makes a `values_list()` query; see Prepared.

    The person may be asked for their key and rights only: others with the same rights follow.
    """

    def __init__(self, build: Callable[..., QuerySet]):
        def built(rights: Rights, *, pk: Any, **parameters: Any) -> QuerySet:
            return build(rights.somebody(pk), **parameters)

        self.prepared = Prepared(built)

    def __call__(self, user, **parameters: str | int | date) -> list[tuple]:
        return self.prepared(Rights.of(user), pk=user.pk, **parameters)


class PreparedRows:
    """The same for whole rows: `build` makes a query of `model`, without annotations."""

    def __init__(self, model: type[Model], build: Callable[..., QuerySet]):
        self.model = model
        self.names = [field.attname for field in model._meta.concrete_fields]
        self.prepared = PreparedFor(lambda *a, **named: build(*a, **named).values_list(*self.names))

    def __call__(self, user, **parameters: str | int | date) -> list[Any]:
        rows = self.prepared(user, **parameters)
        return [self.model.from_db(connection.alias, self.names, row) for row in rows]


class Waiting:
    """Which of several questions find anything for a person, in one prepared query.

    `questions(user, **parameters)` gives a QuerySet for each name of `names`.
    """

    def __init__(self, names: Iterable[str], questions: Callable[..., dict[str, QuerySet]]):
        self.names = list(names)
        self.questions = questions
        self.prepared = PreparedFor(self._build)

    def __call__(self, user, **parameters: str | int | date) -> set[str]:
        for found in self.prepared(user, **parameters):
            return {name for name, has_any in zip(self.names, found, strict=True) if has_any}
        return set()

    def _build(self, user, **parameters: Any) -> QuerySet:
        questions = self.questions(user, **parameters)
        asked = (Exists(questions[name].order_by()) for name in self.names)
        return User.objects.filter(pk=user.pk).order_by().values_list(*asked)
