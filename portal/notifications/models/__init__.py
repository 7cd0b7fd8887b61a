from .attempts import Attempt
from .beats import Beat
from .channels import Channel
from .choices import ChannelKind, DeliveryState, Urgency
from .deliveries import Delivery
from .preferences import Kind, Preference
from .targets import Target
from .watchable import Watchable

__all__ = [
    "Attempt",
    "Beat",
    "Channel",
    "ChannelKind",
    "Delivery",
    "DeliveryState",
    "Kind",
    "Preference",
    "Target",
    "Urgency",
    "Watchable",
]
