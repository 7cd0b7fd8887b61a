"""The administration: the policy and the console on all pages; axe on those that we made."""

import pytest

from onboarding.models import Step
from portal.architecture.models import Service
from runbooks.models import Template

from .axe import SCHEMES

STOCK = (
    "/admin/accounts/user/",
    "/admin/accounts/user/{user}/change/",
    "/admin/accounts/team/",
    "/admin/accounts/team/add/",
    "/admin/architecture/service/",
    "/admin/architecture/service/add/",
    "/admin/architecture/dependency/",
    "/admin/architecture/zone/add/",
    "/admin/architecture/integration/",
    "/admin/architecture/configurationitem/add/",
    "/admin/runbooks/template/",
    "/admin/runbooks/gap/",
    "/admin/runbooks/feedback/",
    "/admin/runbooks/image/",
    "/admin/auditlog/logentry/",
    "/admin/monitoring/alert/",
    "/admin/monitoring/heartbeat/",
    "/admin/monitoring/intake/",
    "/admin/monitoring/silence/",
    "/admin/monitoring/maintenance/",
    "/admin/notifications/channel/",
    "/admin/notifications/contactmethod/",
)
OURS = (
    "/admin/",
    "/admin/runbooks/runbook/",
    "/admin/accounts/token/",
    "/admin/architecture/service/{service}/change/",
    "/admin/onboarding/guide/",
    "/admin/onboarding/guide/{guide}/change/",
    "/admin/onboarding/step/{step}/change/",
    "/admin/runbooks/runbook/add/",
    "/admin/runbooks/runbook/{disk}/change/",
    "/admin/runbooks/runbook/{disk}/history/",
    "/admin/runbooks/runbook/{disk}/merge/",
    "/admin/runbooks/runbook/{draft}/change/",
    "/admin/runbooks/template/{template}/change/",
    "/admin/runbooks/version/{version}/change/",
)


@pytest.fixture
def places(world, olga):
    return {
        "user": olga.pk,
        "disk": world.disk.pk,
        "draft": world.draft.pk,
        "template": Template.objects.first().pk,
        "version": world.disk.newest.pk,
        "service": needing_most().pk,
        "guide": Step.objects.first().guide_id,
        "step": Step.objects.first().pk,
    }


def test_no_page_of_the_stock_administration_breaks_the_policy(visit, places, olga):
    staff, said = visit(olga), []
    for address in STOCK:
        said += complaints(staff, address, places)

    assert said == []


def test_our_pages_of_the_administration_break_no_policy_and_have_no_barrier(visit, places, olga):
    staff, found = visit(olga), []
    for address in OURS:
        found += complaints(staff, address, places)
        for scheme, rules in SCHEMES.items():
            staff.colours(scheme)
            found += [f"{address} {scheme}: {each}" for each in staff.barriers(rules)]

    assert found == []


def complaints(staff, address, places) -> list[str]:
    """What the browser says of the page, each with where it is."""
    staff.open(address.format(**places))
    staff.settle()
    return [f"{address}: {word}" for word in staff.complaints()]


def test_the_rows_of_a_service_stand_in_its_form_as_a_whole(visit, world, olga):
    staff = visit(olga)
    staff.open(f"/admin/architecture/service/{needing_most().pk}/change/")
    page = staff.settle()

    clipped = "group => group.scrollWidth > group.clientWidth"
    assert page.locator(".inline-group .tabular tr.has_original").count() >= 2
    for group in page.locator(".inline-group .tabular").all():
        assert not group.evaluate(clipped)


def needing_most() -> Service:
    """A service with what it needs and what it is told, in long words."""
    found = Service.objects.filter(dependencies__isnull=False).first()
    found.dependencies.update(data="orders, addresses", description="Where all of it is kept")
    found.configuration.create(name="ORDERS_DATABASE_URL", kept_in="vault", rotation_days=90)
    return found
