import pytest

from portal.accounts.models import Team
from portal.architecture.models import Dependency, Integration, Service, Zone
from tests.runbooks.conftest import publish  # noqa: F401


@pytest.fixture
def shop(db):
    """A small shop: web → api → database and queue, and a payment provider outside."""
    team = Team.objects.create(slug="shop", name="Shop")
    edge = Zone.objects.create(slug="edge", name="Edge")
    inner = Zone.objects.create(slug="inner", name="Inner")
    rows = {
        slug: Service.objects.create(
            slug=slug, name=slug.title(), kind=kind, zone=zone, owner=team, tier=tier
        )
        for slug, kind, zone, tier in (
            ("web", "web", edge, 1),
            ("api", "api", inner, 1),
            ("database", "database", inner, 1),
            ("queue", "queue", inner, 2),
            ("reports", "job", inner, 3),
        )
    }
    pay = Integration.objects.create(slug="pay", name="Payments", provider="Paymaster")
    needs(rows["web"], rows["api"], protocol="HTTPS", port=443, data="orders")
    needs(rows["api"], rows["database"], protocol="SQL", port=5432, classification="restricted")
    needs(rows["api"], rows["queue"], hard=False, protocol="AMQP", port=5672)
    needs(rows["reports"], rows["database"], protocol="SQL", port=5432)
    Dependency.objects.create(source=rows["api"], integration=pay, protocol="HTTPS", port=443)
    return rows


def needs(source, target, **more) -> Dependency:
    return Dependency.objects.create(source=source, target=target, **more)
