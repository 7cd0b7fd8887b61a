"""What happened with one alert, in the order of time; and whom messages about it reached."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from portal.core.web.status import Status
from portal.monitoring.models import Alert, Muting
from portal.notifications.models import Delivery, DeliveryState
from runbooks.models import Run

ON_ITS_WAY = (DeliveryState.WAITING, DeliveryState.SENDING)


@dataclass(frozen=True)
class Entry:
    """One thing that happened; `kind` says what, `row` is what there is to say of it."""

    at: datetime
    kind: str  # received, told, acknowledged, run, resolved
    tone: str
    icon: str
    row: Any = None
    status: Status | None = None


def entries_of(
    alert: Alert, told: Iterable[tuple[Delivery, Status]], runs: Iterable[Run]
) -> list[Entry]:
    """The oldest first; of what happened at one moment, the cause first."""
    found = [
        Entry(alert.first_received_at, "received", "bad", "bell"),
        *(Entry(row.created_at, "told", status.tone, "send", row, status) for row, status in told),
    ]
    if alert.acknowledged_at:
        found.append(Entry(alert.acknowledged_at, "acknowledged", "run", "check"))
    found += [Entry(run.started_at, "run", "run", "play", run) for run in runs]
    if alert.ends_at:
        found.append(Entry(alert.ends_at, "resolved", "ok", "ok"))
    return sorted(found, key=lambda entry: entry.at)


def called_before(muting: Muting, deliveries: Sequence[Delivery]) -> str:
    """Whom the alert had called when it was muted; `deliveries` are all about it."""
    if muting.is_withheld:
        return "Nobody, when it began to fire."
    before = [
        each
        for each in deliveries
        if each.created_at <= muting.began_at and each.key != muting.told_key
    ]
    return _said(
        before,
        reached="It had called people before.",
        waiting="Messages about it are waiting: nobody has been reached yet.",
        here="It had been shown in the portal, and was mailed to nobody.",
        nobody="Nobody was reached by the messages about it.",
    )


def called_after(muting: Muting, deliveries: Sequence[Delivery]) -> str:
    """Whom it called when its muting ended; empty while it lasts, or if there was no need."""
    if muting.was_in_hand:
        return "At the end it was acknowledged: nobody was called again."
    if not muting.told_key:
        return ""
    return _said(
        [each for each in deliveries if each.key == muting.told_key],
        reached="At the end it still fired, and people were told.",
        waiting="At the end it still fired; the messages about that are waiting.",
        here="At the end it still fired, which was shown in the portal and mailed to nobody.",
        nobody="At the end it still fired, but nobody was reached.",
    )


def _said(
    deliveries: Sequence[Delivery], *, reached: str, waiting: str, here: str, nobody: str
) -> str:
    states = {each.state for each in deliveries}
    if DeliveryState.SENT in states:
        return reached
    if states.intersection(ON_ITS_WAY):
        return waiting
    return here if any(each.is_here_only for each in deliveries) else nobody
