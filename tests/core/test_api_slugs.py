"""Lists of slugs in what programs send: bounded, and one query."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework import serializers

from portal.architecture.models import Service
from portal.core.api.slugs import MOST_SLUGS, KnownSlugField

pytestmark = pytest.mark.django_db


class Listed(serializers.Serializer):
    services = KnownSlugField(slug_field="slug", queryset=Service.objects.all(), many=True)


def checked(slugs):
    found = Listed(data={"services": slugs})
    found.is_valid()
    return found


@pytest.fixture
def services():
    return [Service.objects.create(slug=f"s{n}", name=f"S{n}") for n in range(5)]


def test_they_are_found_in_one_query_each_once_in_their_order(services):
    with CaptureQueriesContext(connection) as queries:
        found = checked(["s3", "s1", "s3", "s4"])

    assert found.validated_data["services"] == [services[3], services[1], services[4]]
    assert len(queries) == 1


@pytest.mark.parametrize("wrong", [["s1", "s9"], ["a\x00"], [5], [["s1"]], [None], "s1", {"s1": 1}])
def test_what_is_no_slug_is_refused(services, wrong):
    assert list(checked(wrong).errors) == ["services"]


def test_more_than_so_many_are_refused_unasked():
    with CaptureQueriesContext(connection) as queries:
        errors = checked(["s1"] * (MOST_SLUGS + 1)).errors

    assert errors == {"services": ["At most 200 are taken at once."]}
    assert not queries
