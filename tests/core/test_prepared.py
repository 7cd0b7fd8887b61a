"""Queries that are put together once: right for every value, whole rows, bounded in memory."""

import pytest
from django.db import connection

from portal.accounts.models import Team, Token, User
from portal.core.data.among import PreparedAmong
from portal.core.data.queries import Prepared, columns_of, row_of

pytestmark = pytest.mark.django_db


def mailed(columns, *, email):
    return Team.objects.filter(email=email).order_by("slug").values_list(*columns)


def test_each_value_finds_its_own_rows():
    Team.objects.bulk_create(
        Team(slug=f"t{n}", name=f"Team {n}", email=f"{n % 2}@example.org") for n in range(5)
    )
    rows = Prepared(mailed)

    assert rows(("slug",), email="0@example.org") == [("t0",), ("t2",), ("t4",)]
    assert rows(("slug",), email="1@example.org") == [("t1",), ("t3",)]
    assert rows(("slug",), email="\x02parameter 0\x02") == []
    assert rows(("name", "slug"), email="1@example.org")[0] == ("Team 1", "t1")


def test_it_is_put_together_once_for_each_shape(django_assert_num_queries):
    built = []
    rows = Prepared(lambda *shape, email: built.append(shape) or mailed(*shape, email=email))

    with django_assert_num_queries(4):
        for columns in [("slug",), ("name",)] * 2:
            rows(columns, email="x")

    assert built == [(("slug",),), (("name",),)]


def test_shapes_that_were_not_asked_for_lately_are_forgotten():
    rows = Prepared(mailed, shapes=3)

    for n in range(20):
        rows(("slug",) * (n + 1), email="x")

    assert rows.plan.cache_info().currsize == 3


def test_a_row_is_as_the_orm_reads_it(nina):
    token, _ = Token.objects.issue(nina, "x", ["read", "runbooks:write"], days=1)
    rows = Prepared(lambda *, pk: Token.objects.filter(pk=pk).values_list(*columns_of(Token)))

    made, read = row_of(Token, rows(pk=token.pk)[0]), Token.objects.get(pk=token.pk)

    assert vars(made) | {"_state": 0} == vars(read) | {"_state": 0}
    assert made == read and not made.get_deferred_fields() and not made._state.adding
    assert made._state.db == connection.alias
    made.name = "y"
    made.save()
    assert Token.objects.get(pk=token.pk).name == "y"


def test_columns_may_be_those_of_a_foreign_key(nina):
    Token.objects.issue(nina, "x", ["read"], days=1)

    values = Token.objects.values_list(*columns_of(User, "user")).get()

    assert vars(row_of(User, values)) | {"_state": 0} == vars(User.objects.get(pk=nina.pk)) | {
        "_state": 0
    }


def test_rows_of_any_number_of_keys_are_put_together_for_few_numbers(django_assert_num_queries):
    teams = [Team.objects.create(slug=f"t{n}", name=f"Team {n}") for n in range(6)]
    keys, built = [team.pk for team in teams], []

    def build(among):
        built.append(len(among))
        return Team.objects.filter(pk__in=among).order_by("slug").values_list("slug")

    rows = PreparedAmong(build)

    assert rows([]) == []
    assert rows(keys[:1]) == [("t0",)]
    assert rows([keys[4], keys[2], keys[4], keys[1]]) == [("t1",), ("t2",), ("t4",)]
    assert rows([*keys, 10**9]) == [(team.slug,) for team in teams]
    with django_assert_num_queries(2):
        assert [len(rows(keys[:5])), len(rows(keys[1:4]))] == [5, 3]
    assert built == [1, 4, 8]
