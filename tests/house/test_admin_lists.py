"""Every list of the admin answers its own filters, and no other question from the address."""

import re
from html import unescape

import pytest
from django.contrib import admin
from django.urls import reverse
from django.utils.http import urlencode

from portal.core.web.narrow import Narrow

pytestmark = pytest.mark.django_db
FILTER = re.compile(r'<a href="(\?[^"]+)"')
ASKED = {
    "text__regex": "^(a+)+$",
    "title__iregex": "[",
    "name__regex": "(a+)+$",
    "id__in": "9" * 20,
    "pk__gt": "x",
    "created_at__year": "-1",
    "timestamp__year": "9" * 20,
    "toc__contains": "x",
    "runbook": "9" * 20,
    "user__password__startswith": "p",
    "uploaded_by__password__regex": ".*",
    "changes__contains": "x",
    "digest__startswith": "0",
}


def lists() -> list[str]:
    names = (f"{model._meta.app_label}_{model._meta.model_name}" for model in admin.site._registry)
    return [reverse(f"admin:{name}_changelist") for name in names]


def test_every_list_is_narrow():
    wide = [each for each in admin.site._registry.values() if not isinstance(each, Narrow)]

    assert wide == []


@pytest.mark.parametrize("lookup", ASKED)
def test_lookups_that_no_filter_offers_are_refused(client, olga, disk, lookup):
    client.force_login(olga)

    for address in lists():
        answer = client.get(f"{address}?{urlencode({lookup: ASKED[lookup]})}")
        assert answer.status_code == 400, address


def test_what_the_filters_offer_is_answered(client, olga, disk):
    client.force_login(olga)
    followed = 0
    for address in lists():
        page = client.get(address).content.decode()
        for query in map(unescape, FILTER.findall(page)):
            assert client.get(f"{address}{query}").status_code == 200, address + query
            followed += 1
    assert followed > 40


def test_the_audit_log_names_things_as_people_do(client, olga, disk):
    client.force_login(olga)
    page = client.get(reverse("admin:auditlog_logentry_changelist")).content.decode()

    assert f"Version: {disk} v1</a>" in page and "Runbooks | " not in page
    assert "Correlation" not in page and "0 changes" not in page
    assert "<title>Audit log · " in page


@pytest.mark.parametrize("value", ["abc", "9" * 20, "-1", "\u0663", ""])
def test_a_kind_that_does_not_exist_has_no_entries(client, olga, disk, value):
    client.force_login(olga)
    address = reverse("admin:auditlog_logentry_changelist")

    assert client.get(address, {"resource_type": value}).status_code in (200, 302)


def test_each_value_says_what_it_is_where_a_phone_shows_no_head(client, olga, disk):
    client.force_login(olga)
    page = client.get(reverse("admin:runbooks_runbook_changelist")).content.decode()
    labels = re.findall(r'<td data-l="([^"]*)" class="field-(\w+)', page)

    assert ("Owner", "owner") in labels and len(labels) >= 4
    assert re.findall(r"<td class=.(?!action-checkbox)", page) == []
