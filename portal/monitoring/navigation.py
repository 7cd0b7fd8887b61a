"""The lines of alerts and heartbeats in the rail, and how many fire that are not muted."""

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
            "monitoring:noise",
            "monitoring:silences",
            "monitoring:silence",
            "monitoring:new-silence",
            "monitoring:edit-silence",
            "monitoring:maintenance",
            "monitoring:maintenance-plan",
            "monitoring:new-maintenance",
            "monitoring:edit-maintenance",
            "monitoring:intakes",
            "monitoring:intake",
            "monitoring:new-intake",
            "monitoring:edit-intake",
            "monitoring:try-mapping",
        ),
        permission="monitoring.view_alert",
        count=firing,
        counted="firing",
    ),
    Entry(
        Group.PROVE,
        20,
        "Heartbeats",
        "pulse",
        "monitoring:heartbeats",
        also=(
            "monitoring:heartbeat",
            "monitoring:heartbeat-ping",
            "monitoring:new-heartbeat",
            "monitoring:edit-heartbeat",
            "monitoring:ping-keys",
        ),
        permission="monitoring.view_heartbeat",
    ),
)

VERBS = (
    Link("New silence", "mute", "monitoring:new-silence", "monitoring.add_silence"),
    Link(
        "Plan maintenance", "calendar", "monitoring:new-maintenance", "monitoring.add_maintenance"
    ),
    Link("New intake", "plus", "monitoring:new-intake", "monitoring.add_intake"),
    Link("New heartbeat", "plus", "monitoring:new-heartbeat", "monitoring.add_heartbeat"),
)
PAGES = (
    Link("History of alerts", "history", "monitoring:alert-history", "monitoring.view_alert"),
    Link("Noisiest alerts", "trend", "monitoring:noise", "monitoring.view_alert"),
    Link("Silences", "mute", "monitoring:silences", "monitoring.view_silence"),
    Link("Maintenance", "calendar", "monitoring:maintenance", "monitoring.view_maintenance"),
    Link("Intakes", "inbox", "monitoring:intakes", "monitoring.view_intake"),
    Link("Ping keys", "key", "monitoring:ping-keys", "monitoring.view_pingkey"),
)


def entries(user) -> list[Entry]:
    return permitted(ENTRIES, user)
