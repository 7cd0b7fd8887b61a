"""The words, icons and tones in which the state of messages is shown."""

from portal.core.web.status import Status
from portal.notifications.models import DeliveryState

LOOKS = {
    DeliveryState.WAITING: ("idle", "clock"),
    DeliveryState.SENDING: ("run", "send"),
    DeliveryState.SENT: ("ok", "ok"),
    DeliveryState.FAILED: ("bad", "fail"),
    DeliveryState.EXPIRED: ("idle", "skip"),
}
DELIVERY = {state: Status(*look, state.label) for state, look in LOOKS.items()}
