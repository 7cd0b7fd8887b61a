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
    description: str = ""
    is_drill: bool = False
    is_restricted: bool = False


OPEN = Story(
    "Checkout answers one order in sixteen with an error",
    2,
    34,
    ("checkout",),
    "",
    (
        Line(2, "rita", "acknowledge", "by the link in the message"),
        Line(3, "kenji", "operations"),
        Line(4, "amara", "communications"),
        Line(
            6,
            "kenji",
            "finding",
            "Errors began with the deployment of 2026.48.1 at one of four nodes",
        ),
        Line(9, "rita", "decision", "We roll back that node first and watch it for five minutes"),
        Line(15, "kenji", "identify", "The new build opens a connection for each request"),
        Line(18, "rita", "task", "Tell support which orders to retry"),
        Line(24, "kenji", "note", "Node 2 is back on 2026.47.3: no errors since"),
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
            Line(5, "amara", "commander"),
            Line(
                8,
                "kenji",
                "finding",
                "The provider answers after 28 s; its status page says nothing",
            ),
            Line(
                11, "amara", "decision", "Switch to the second provider for cards of two countries"
            ),
            Line(19, "kenji", "mitigate", "The second provider takes cards; 96% pass"),
            Line(
                71, "kenji", "resolve", "The provider repaired its routing; back on the first one"
            ),
            Line(3 * DAY, "amara", "close", "Reviewed; two actions"),
        ),
    ),
    Story(
        "The replica of the orders database fell two hours behind",
        3,
        3.1 * DAY,
        ("orders-database",),
        "tomasz",
        (
            Line(4, "tomasz", "acknowledge"),
            Line(17, "tomasz", "finding", "A report of the month held one transaction open"),
            Line(
                22,
                "tomasz",
                "identify",
                "The report ran on the replica that also takes the failover",
            ),
            Line(96, "tomasz", "resolve", "Report ended, replica caught up"),
            Line(101, "tomasz", "close", "No customer noticed"),
        ),
    ),
    Story(
        "Search shows articles that are sold out",
        3,
        1.2 * DAY,
        ("product-search",),
        "priya",
        (
            Line(9, "priya", "acknowledge"),
            Line(35, "priya", "identify", "The index missed the nightly file of the warehouse"),
            Line(62, "priya", "resolve", "Index rebuilt from the last file"),
        ),
    ),
    Story(
        "Drill: the orders database is lost",
        2,
        4.4 * DAY,
        ("orders-database",),
        "paul",
        (
            Line(1, "ingrid", "acknowledge", "by the link in the message"),
            Line(2, "ingrid", "decision", "Fail over; nobody looks for the cause"),
            Line(16, "ingrid", "mitigate", "The second node takes orders"),
            Line(41, "paul", "resolve", "Practised: 16 minutes to the failover, 15 were promised"),
            Line(44, "paul", "close", "The runbook lacks how to stop the old node: draft sent"),
        ),
        is_drill=True,
    ),
    Story(
        "A token of the deployment was seen in a public log",
        2,
        2.4 * DAY,
        ("image-registry",),
        "olga",
        (
            Line(1, "olga", "acknowledge"),
            Line(6, "olga", "decision", "Revoke first, look who used it afterwards"),
            Line(9, "olga", "mitigate", "Revoked; nothing was fetched with it"),
            Line(55, "olga", "resolve", "The log masks tokens; the old lines are gone"),
        ),
        is_restricted=True,
    ),
)
