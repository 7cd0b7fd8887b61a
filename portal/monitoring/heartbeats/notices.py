"""What people are told about heartbeats that are not down: for that there are alerts.

Called in the transaction of what happened.
"""

from datetime import timedelta

from portal.accounts.models import User
from portal.accounts.roles import OPERATOR
from portal.core.templatetags.look import duration
from portal.core.web.address import absolute
from portal.core.web.days import days
from portal.notifications.models import Kind
from portal.notifications.notices import tell

OURS = "heartbeats-"  # what the key of each message begins with
READ = "monitoring.view_heartbeat"
HEARTBEATS = Kind(
    "monitoring-heartbeats",
    "A run of your team was suspiciously short or long, or a heartbeat is paused for days",
    permission=READ,
)


def odd_duration(instance, ping) -> None:
    """A run that succeeded took less, or more, than one that did its work can."""
    heartbeat, word = instance.heartbeat, ping.get_verdict_display()
    limit = heartbeat.shortest if ping.verdict == "short" else heartbeat.longest
    bound = "at least" if ping.verdict == "short" else "at most"
    text = (
        f"It reported success after {duration(ping.duration)}; {bound} {duration(limit)} are "
        f"expected. Look whether it did its work."
    )
    _tell(instance, f"odd-{instance.pk}-{ping.n}", f"{word}: {instance}", text)


def paused_for_long(heartbeat, *, since: timedelta) -> None:
    text = (
        f"It is paused for {days(since.days)}, and nobody would hear if the job stopped. Resume "
        f"it, give the pause an end, or delete it."
    )
    about = f"paused-{heartbeat.pk}-{heartbeat.paused_at:%Y%m%d%H%M%S}"
    _tell_all(heartbeat, about, f"Still paused: {heartbeat}", text)


def _tell(instance, key: str, subject: str, text: str) -> None:
    _tell_all(instance.heartbeat, key, subject, text)


def _tell_all(heartbeat, key: str, subject: str, text: str) -> None:
    links = f"Heartbeat: {absolute(heartbeat.get_absolute_url())}"
    if heartbeat.runbook:
        links += f"\nRunbook: {absolute(heartbeat.runbook.get_absolute_url())}"
    tell(
        key=OURS + key,
        subject=subject,
        text=f"{text}\n\n{links}",
        by=None,
        concerned=[(HEARTBEATS, audience(heartbeat))],
    )


def audience(heartbeat) -> list[User]:
    """The owner team, or that of its service; operators where neither has anybody."""
    readers = User.objects.who_may(READ)
    service = heartbeat.service
    for team in filter(None, (heartbeat.owner_id, service and service.owner_id)):
        if found := list(readers.filter(teams=team)):
            return found
    return list(readers.filter(groups__name=OPERATOR))
