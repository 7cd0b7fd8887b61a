from .beats import Beat
from .deliveries import Delivery, DeliveryState

__all__ = ["Beat", "Delivery", "DeliveryState"]
