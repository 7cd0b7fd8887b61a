"""What the services of the demo need, and where they stand."""

from datetime import timedelta

from django.utils import timezone

from portal.architecture.models import (
    ConfigurationItem,
    Dependency,
    Integration,
    Service,
    ServiceKind,
    Zone,
)

ZONES = {"edge": ("Edge", "203.0.113.0/24"), "inner": ("Inner network", "10.1.0.0/16")}
STANDS = {
    "checkout": (ServiceKind.API, "edge"),
    "orders-database": (ServiceKind.DATABASE, "inner"),
    "message-queue": (ServiceKind.QUEUE, "inner"),
    "product-search": (ServiceKind.API, "edge"),
}
# source, target, hard, protocol, port, data, classification
NEEDS = (
    ("checkout", "orders-database", True, "SQL", 5432, "orders, addresses", "confidential"),
    ("checkout", "message-queue", True, "AMQP", 5671, "orders", "confidential"),
    ("checkout", "product-search", False, "HTTPS", 443, "product names", "public"),
    ("product-search", "orders-database", False, "SQL", None, "what sells", "internal"),
)


def fill_catalog(services: dict[str, Service]) -> None:
    """Zones, dependencies, an integration and configuration for the services of the demo."""
    zones = {
        slug: Zone.objects.create(slug=slug, name=name, ranges=ranges)
        for slug, (name, ranges) in ZONES.items()
    }
    for slug, (kind, zone) in STANDS.items():
        services[slug].kind, services[slug].zone = kind, zones[zone]
        services[slug].save()
    for source, target, hard, protocol, port, data, classification in NEEDS:
        Dependency.objects.create(
            source=services[source],
            target=services[target],
            hard=hard,
            protocol=protocol,
            port=port,
            data=data,
            classification=classification,
        )
    _outside(services["checkout"])
    _secrets(services["checkout"])


def _outside(checkout: Service) -> None:
    pay = Integration.objects.create(
        slug="card-payments",
        name="Card payments",
        provider="A payment provider",
        contact="Hotline in the contract, section 4",
        owner=checkout.owner,
    )
    Dependency.objects.create(
        source=checkout,
        integration=pay,
        protocol="HTTPS",
        port=443,
        data="amounts, card tokens",
        classification="restricted",
    )


def _secrets(checkout: Service) -> None:
    today = timezone.localdate()
    ConfigurationItem.objects.create(
        service=checkout,
        name="PAYMENT_KEY",
        kind=ConfigurationItem.Kind.SECRET,
        purpose="Signs requests to the payment provider",
        kept_in="vault/checkout/payment",
        required=True,
        rotation_days=90,
        rotated_on=today - timedelta(days=104),
    )
    ConfigurationItem.objects.create(
        service=checkout,
        name="ORDERS_DATABASE_URL",
        purpose="Where orders are stored",
        required=True,
        example="postgres://checkout@orders-db/orders",
    )
