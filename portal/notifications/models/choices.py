from django.db import models


class DeliveryState(models.TextChoices):
    WAITING = "waiting", "Waiting"
    SENDING = "sending", "Being sent"
    SENT = "sent", "Sent"
    FAILED = "failed", "Failed"
    EXPIRED = "expired", "Expired"


ENDED = (DeliveryState.SENT, DeliveryState.FAILED, DeliveryState.EXPIRED)
