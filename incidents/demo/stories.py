"""What went wrong at the shop in the last weeks: each line of a story at a minute of its own."""

from typing import NamedTuple

DAY = 24 * 60


class Line(NamedTuple):
    """What somebody did, so many minutes after the opening."""

    minute: float
    who: str
    verb: str
    text: str = ""


class Story(NamedTuple):
    """One incident: how long ago it was opened, in minutes, and what was done."""

    title: str
    level: int
    ago: float
    services: tuple[str, ...]
    by: str
    lines: tuple[Line, ...]
    is_drill: bool = False
    is_restricted: bool = False


FIRES = "CheckoutErrorRateHigh"  # the alert of the incident that is open
OPEN = Story(
    "One in sixteen orders fails at checkout",
    2,
    11,
    ("checkout",),
    "rita",
    (
        Line(1, "rita", "acknowledge"),
        Line(1.5, "kenji", "operations"),
        Line(2, "amara", "communications"),
        Line(3, "kenji", "finding", "Errors began with release 2026.48.1 at one of four nodes"),
        Line(4, "rita", "decision", "We roll back that node first and watch it for five minutes"),
        Line(5, "rita", "notice", "One order in sixteen fails when it is paid"),
        Line(6, "kenji", "identify", "The new release opens a connection for each request"),
        Line(7, "rita", "task", "Tell support which orders to try again"),
        Line(9, "kenji", "note", "Node 2 is back on 2026.47.3: no errors since"),
    ),
)

PAST = (
    Story(
        "Payments by card time out",
        1,
        6.3 * DAY,
        ("checkout", "refunds"),
        "",
        (
            Line(3, "kenji", "acknowledge", "by the link in the message"),
            Line(4, "amara", "commander"),
            Line(5, "amara", "notice", "Payments by card take long, and most of them fail"),
            Line(8, "kenji", "finding", "The provider answers after 28 s; it has not said why"),
            Line(11, "amara", "decision", "Switch to the second provider for two countries"),
            Line(19, "kenji", "mitigate", "The second provider takes cards; 96% pass"),
            Line(24, "amara", "update", "Payments by card work again; some are slow"),
            Line(71, "kenji", "resolve", "The provider repaired its routing; back on the first"),
            Line(74, "amara", "resolution", "Payments by card work as before"),
            Line(3 * DAY, "amara", "close", "Looked back together: two things to change"),
        ),
    ),
    Story(
        "The replica of the orders database is two hours behind",
        3,
        3.1 * DAY,
        ("orders-database",),
        "tomasz",
        (
            Line(4, "tomasz", "acknowledge"),
            Line(17, "tomasz", "finding", "A report of the month held one transaction open"),
            Line(22, "tomasz", "identify", "It ran on the replica that takes the failover"),
            Line(96, "tomasz", "resolve", "The report has ended, the replica caught up"),
            Line(101, "tomasz", "close", "No customer noticed"),
        ),
    ),
    Story(
        "Search shows articles that are sold out",
        3,
        1.2 * DAY,
        ("product-search",),
        "rita",
        (
            Line(9, "mateo", "acknowledge"),
            Line(35, "mateo", "identify", "The index missed the nightly file of the warehouse"),
            Line(62, "mateo", "resolve", "Built the index from the last file"),
        ),
    ),
    Story(
        "The orders database is lost",
        2,
        4.4 * DAY,
        ("orders-database",),
        "paul",
        (
            Line(1, "ingrid", "acknowledge", "by the link in the message"),
            Line(2, "ingrid", "decision", "Fail over; nobody looks for the cause"),
            Line(16, "ingrid", "mitigate", "The second node takes orders"),
            Line(41, "paul", "resolve", "16 minutes to the failover; 15 were promised"),
            Line(44, "paul", "close", "The runbook lacks how to stop the old node"),
        ),
        is_drill=True,
    ),
    Story(
        "A token of the registry was seen in a public log",
        2,
        2.4 * DAY,
        ("image-registry",),
        "olga",
        (
            Line(1, "olga", "acknowledge"),
            Line(6, "olga", "decision", "Revoke it first; look who used it afterwards"),
            Line(9, "olga", "mitigate", "Revoked; nothing was fetched with it"),
            Line(55, "olga", "resolve", "The log masks tokens; the old lines are gone"),
        ),
        is_restricted=True,
    ),
)
