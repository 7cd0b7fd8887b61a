from .beats import Beat
from .choices import DeliveryState
from .deliveries import Delivery

__all__ = ["Beat", "Delivery", "DeliveryState"]
