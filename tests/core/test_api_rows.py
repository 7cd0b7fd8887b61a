import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from portal.accounts.models import Team
from portal.core.api.rows import Row, member
from portal.core.data.queries import Prepared

pytestmark = pytest.mark.django_db


class TeamRow(Row):
    slug = member(serializers.CharField(), "slug")
    label = member(
        serializers.CharField(), "name", "slug", made=lambda name, slug: f"{name}/{slug}"
    )
    email = member(serializers.CharField(), "email", heavy=True)
    whole = member(
        serializers.CharField(), "email", "pk", heavy=True, usual=False, made="{}{}".format
    )
    people = serializers.IntegerField()


@pytest.fixture
def team():
    return Team.objects.create(slug="db", name="Databases", email="db@example.org")


def test_a_row_is_shown_in_the_order_of_its_members(team):
    assert TeamRow.all(Team.objects.all()) == [
        {"slug": "db", "label": "Databases/db", "email": "db@example.org"}
    ]
    assert list(TeamRow.all(Team.objects.all())[0]) == ["slug", "label", "email"]


def test_the_same_columns_are_read_whatever_is_asked_for(team):
    assert TeamRow.columns(("slug",)) == TeamRow.columns(("label",)) == ("slug", "name")
    assert TeamRow.columns(("email",)) == ("slug", "name", "email")
    assert TeamRow.columns(("slug",), ("pk", "name")) == ("pk", "name", "slug")


def test_what_was_not_asked_for_is_dropped(team):
    assert TeamRow.all(Team.objects.all(), ("label",)) == [{"label": "Databases/db"}]
    assert TeamRow.all(Team.objects.all(), ()) == [{}]
    found = TeamRow.all(Team.objects.all(), ("whole", "slug"))
    assert found == [{"whole": f"db@example.org{team.pk}", "slug": "db"}]


def test_an_instance_is_shown_without_a_query(team):
    with CaptureQueriesContext(
        connection,
    ) as asked:
        shown = TeamRow.of(team)

    assert shown == {"slug": "db", "label": "Databases/db", "email": "db@example.org"}
    assert len(asked) == 0


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", ("slug", "label", "email", "people")),
        ("fields=whole,slug", ("slug", "whole")),
        ("omit=label", ("slug", "email", "people")),
        ("omit=slug,label,email,people", ()),
    ],
)
def test_fields_and_omit_choose(query, names):
    assert TeamRow.chosen(QueryDict(query)) == names


def test_an_unknown_member_is_refused():
    with pytest.raises(ValidationError):
        TeamRow.chosen(QueryDict("fields=password"))


def test_a_prepared_query_keeps_a_bounded_number_of_shapes(team):
    prepared = Prepared(lambda limit: Team.objects.values_list("slug")[:limit], shapes=3)

    for limit in range(1, 20):
        assert prepared(limit) == [("db",)]

    assert prepared.plan.cache_info().currsize == 3
