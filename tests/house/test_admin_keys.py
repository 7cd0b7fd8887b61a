"""Rows that a form of the admin or of the web chooses: by keys, and by nothing else."""

import time

import pytest
from django.contrib.admin import site
from django.db.models import ForeignKey, ManyToManyField
from django.urls import reverse

from portal.architecture.models import Service
from runbooks.models import Runbook

pytestmark = pytest.mark.django_db
NO_KEYS = ["x", "9223372036854775808", "9" * 25, "9" * 5000, "-1", "²", "1,x"]
NUL = "\x00"


def relations(model) -> list[str]:
    """The fields by which the admin lets one choose rows."""
    fields = [*model._meta.fields, *model._meta.many_to_many]
    kinds = (ForeignKey, ManyToManyField)
    return [field.name for field in fields if isinstance(field, kinds) and field.editable]


CHOOSING = sorted(filter(relations, site._registry), key=lambda model: model._meta.label)


@pytest.fixture
def boss(client_of, django_user_model):
    root = django_user_model.objects.create_superuser("root", password="x")
    client = client_of(root)
    session = client.session  # new people are made by who gave their password a moment ago
    session["account_authentication_methods"] = [{"at": time.time(), "reauthenticated": True}]
    session["account_authentication_methods_user"] = str(root.pk)
    session.save()
    return client


@pytest.mark.parametrize("model", CHOOSING, ids=lambda model: model._meta.label)
def test_a_form_of_the_admin_refuses_what_is_no_key(boss, model):
    address = reverse(f"admin:{model._meta.label_lower.replace('.', '_')}_add")
    if boss.get(address).status_code != 200:  # made elsewhere
        return
    for value in [*NO_KEYS, NUL]:
        chosen = dict.fromkeys(relations(model), value)
        assert boss.get(address, chosen).status_code == 200
        answer = boss.post(address, chosen)
        assert answer.status_code == 200
        form = answer.context["adminform"].form
        assert set(chosen) & set(form.fields) <= set(form.errors)


@pytest.mark.parametrize("value", NO_KEYS)
def test_a_row_of_a_service_refuses_what_is_no_key(boss, value):
    rows = {"dependencies-TOTAL_FORMS": 1, "dependencies-INITIAL_FORMS": 0}
    more = {"configuration-TOTAL_FORMS": 0, "configuration-INITIAL_FORMS": 0}
    chosen = {"dependencies-0-target": value, "dependencies-0-integration": value}

    answer = boss.post(reverse("admin:architecture_service_add"), {**rows, **more, **chosen})

    assert answer.status_code == 200


@pytest.mark.parametrize("value", [*NO_KEYS, NUL])
def test_a_page_for_authors_refuses_what_is_no_key(client_of, alice, value):
    runbook = Runbook.objects.start("Disk", by=alice, text="Text")
    service = Service.objects.create(slug="shop", name="Shop")
    browser = client_of(alice)
    about = {"title": "Disk", "kind": "reference", "section": "runbooks", "review_days": 90}

    for address in ("/runbooks/new/?kind=reference", f"/runbooks/{runbook.slug}/about/"):
        for field in ("services", "owner"):
            chosen = {field: [value, str(service.pk)] if field == "services" else value}
            answer = browser.post(address, {**about, "slug": "disk-2", **chosen})
            assert answer.status_code in (200, 400)
            assert answer.context["form"].errors[field]
