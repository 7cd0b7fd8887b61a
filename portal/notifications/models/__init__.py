from .beats import Beat
from .choices import DeliveryState
from .deliveries import Delivery
from .preferences import Kind, Preference
from .watchable import Watchable

__all__ = ["Beat", "Delivery", "DeliveryState", "Kind", "Preference", "Watchable"]
