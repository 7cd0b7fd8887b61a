"""The line of alerts in the rail, and how many fire that are not muted."""

from django.core.cache import caches

from portal.core.web.navigation import Entry, Group, Link, permitted

from .models import Alert

REMEMBERED = 10  # seconds: the rail is on every page


def firing(user, fresh: bool) -> int:
    """How many alerts fire; at most some seconds old unless it has to be `fresh`."""
    count = None if fresh else caches["process"].get("firing-alerts")
    if count is None:
        count = Alert.objects.calling().count()
        caches["process"].set("firing-alerts", count, REMEMBERED)
    return count


ENTRIES = (
    Entry(
        Group.RESPOND,
        30,
        "Alerts",
        "bell",
        "monitoring:alerts",
        also=(
            "monitoring:alert",
            "monitoring:alert-history",
            "monitoring:silences",
            "monitoring:silence",
            "monitoring:new-silence",
            "monitoring:maintenance",
            "monitoring:maintenance-plan",
            "monitoring:new-maintenance",
            "monitoring:intakes",
            "monitoring:intake",
            "monitoring:new-intake",
            "monitoring:try-mapping",
        ),
        permission="monitoring.view_alert",
        count=firing,
        counted="firing",
    ),
)

VERBS = (
    Link("New silence", "mute", "monitoring:new-silence", "monitoring.add_silence"),
    Link(
        "Plan maintenance", "calendar", "monitoring:new-maintenance", "monitoring.add_maintenance"
    ),
    Link("New intake", "plus", "monitoring:new-intake", "monitoring.add_intake"),
)
PAGES = (
    Link("History of alerts", "history", "monitoring:alert-history", "monitoring.view_alert"),
    Link("Silences", "mute", "monitoring:silences", "monitoring.view_silence"),
    Link("Maintenance", "calendar", "monitoring:maintenance", "monitoring.view_maintenance"),
    Link("Intakes", "inbox", "monitoring:intakes", "monitoring.view_intake"),
)


def entries(user) -> list[Entry]:
    return permitted(ENTRIES, user)
