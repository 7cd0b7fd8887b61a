"""What fired at the shop, and when: minutes ago, and for how many minutes."""

from typing import NamedTuple

DAY = 24 * 60


class Story(NamedTuple):
    """One episode of an alert; without `minutes` it fires."""

    name: str
    summary: str
    ago: float
    minutes: float = 0
    severity: str = "warning"
    labels: dict[str, str] = {}
    intake: str = "prometheus"


FIRING = (
    Story(
        "CheckoutErrorRateHigh",
        "6.2% of orders fail at checkout, 12 times the budget",
        11,
        severity="critical",
        labels={"service": "checkout", "cluster": "shop-eu1", "quantile": "0.99"},
    ),
    Story(
        "OrdersReplicationLag",
        "orders-db-2 is 94 s behind orders-db-1",
        52,
        labels={"service": "orders-database", "instance": "orders-db-2"},
    ),
    Story(
        "WarehouseFeedLate",
        "The last file of the warehouse is 3 h old; it comes every hour",
        37,
        labels={"service": "stock-sync", "feed": "stock"},
        intake="grafana",
    ),
    Story(
        "VolumeFillsUpWithinFourDays",
        "The volume media-thumbnails-intermediate-0 is 91% full and grows 2.1% a day",
        143,
        labels={"namespace": "media-thumbnails", "cluster": "shop-eu1"},
    ),
)

QUIET = (
    Story(
        "StorefrontConversionDrops",
        "4 of 10 baskets are left at the last step",
        9,
        labels={"service": "storefront", "cluster": "shop-eu1"},
    ),
    Story(
        "SearchLatencyP95High",
        "p95 of the search is 1.4 s; the promise is 0.8 s",
        21,
        labels={"service": "product-search", "quantile": "0.95"},
    ),
    Story(
        "CacheNodeRestarted",
        "session-cache-1 was restarted 12 min ago",
        12,
        severity="info",
        labels={"service": "session-cache", "node": "session-cache-1"},
    ),
)

CACHE = ("SessionCacheEvictions", "The cache of sessions evicts 40 keys a second")
PAST = (
    Story(
        "ShopDown",
        "The shop does not answer from two places",
        34.2 * DAY,
        21,
        "critical",
        {"service": "storefront"},
    ),
    Story(
        "OrdersDatabaseDiskFull",
        "/var of orders-db-2 is 96% full",
        33.9 * DAY,
        64,
        "critical",
        {"service": "orders-database", "instance": "orders-db-2"},
    ),
    Story(*CACHE, 23.4 * DAY, 6, labels={"service": "session-cache"}),
    Story(
        "PaymentProviderUnreachable",
        "8 of 10 authorisations time out",
        20.6 * DAY,
        47,
        "critical",
        {"service": "checkout"},
    ),
    Story(
        "QueueBacklog",
        "12,400 messages wait, the oldest for 9 min",
        17.1 * DAY,
        31,
        labels={"service": "message-queue", "queue": "orders"},
    ),
    Story(*CACHE, 15.2 * DAY, 4, labels={"service": "session-cache"}),
    Story(
        "KubeNodeNotReady",
        "shop-node-07 is not ready",
        12.8 * DAY,
        18,
        labels={"service": "shop-cluster", "node": "shop-node-07"},
    ),
    Story(*CACHE, 9.3 * DAY, 5, labels={"service": "session-cache"}),
    Story(
        "CheckoutErrorRateHigh",
        "2.8% of orders fail at checkout",
        6.2 * DAY,
        26,
        "critical",
        {"service": "checkout", "cluster": "shop-eu1", "quantile": "0.99"},
    ),
    Story(*CACHE, 4.1 * DAY, 7, labels={"service": "session-cache"}),
    Story(
        "RefundBatchFailed",
        "The batch of 28 November ended with code 3",
        2.3 * DAY,
        190,
        labels={"service": "refunds"},
        intake="jobs",
    ),
    Story(
        "SearchIndexStale",
        "The index of products is 7 h old",
        1.4 * DAY,
        55,
        labels={"service": "product-search"},
    ),
    Story(*CACHE, 190, 4, labels={"service": "session-cache"}),
    Story(
        "QueueBacklog",
        "4,100 messages wait, the oldest for 3 min",
        130,
        16,
        labels={"service": "message-queue", "queue": "orders"},
    ),
    Story(
        "NodeClockSkew",
        "shop-node-11 is 0.4 s off",
        75,
        4,
        labels={"cluster": "shop-eu1", "node": "shop-node-11"},
    ),
)
