from .attempts import Attempt
from .beats import Beat
from .channels import Channel
from .choices import ChannelKind, ContactKind, DeliveryState, Urgency, WakeLevel
from .contact_methods import ContactMethod
from .deliveries import Delivery
from .preferences import Kind, Preference
from .quiet_hours import QuietHours
from .reach import unreached
from .targets import Target
from .watchable import Watchable

__all__ = [
    "Attempt",
    "Beat",
    "Channel",
    "ChannelKind",
    "ContactKind",
    "ContactMethod",
    "Delivery",
    "DeliveryState",
    "Kind",
    "Preference",
    "QuietHours",
    "Target",
    "Urgency",
    "WakeLevel",
    "Watchable",
    "unreached",
]
