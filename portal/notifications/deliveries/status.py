"""The words, icons and tones in which the state of messages is shown."""

from portal.core.web.status import Status
from portal.notifications.models import Delivery, DeliveryState

LOOKS = {
    DeliveryState.WAITING: ("idle", "clock"),
    DeliveryState.SENDING: ("run", "send"),
    DeliveryState.SENT: ("ok", "ok"),
    DeliveryState.FAILED: ("bad", "fail"),
    DeliveryState.EXPIRED: ("idle", "skip"),
}
HERE_ONLY = Status("idle", "eye", "Not mailed")
DELIVERY = {state: Status(*look, state.label) for state, look in LOOKS.items()}


def status_of(delivery: Delivery) -> Status:
    return HERE_ONLY if delivery.is_here_only else DELIVERY[DeliveryState(delivery.state)]
