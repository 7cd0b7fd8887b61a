from django.db import models


class DeliveryState(models.TextChoices):
    WAITING = "waiting", "Waiting"
    SENDING = "sending", "Being sent"
    SENT = "sent", "Sent"
    FAILED = "failed", "Failed"
    EXPIRED = "expired", "Expired"


ENDED = (DeliveryState.SENT, DeliveryState.FAILED, DeliveryState.EXPIRED)


class Urgency(models.TextChoices):
    """How soon somebody has to hear of it: what is high overtakes what is low."""

    HIGH = "high", "High"
    LOW = "low", "Low"


class ChannelKind(models.TextChoices):
    """By what a channel is reached: each is the name of a transport."""

    MAIL = "mail", "E-mail address"
    WEBHOOK = "webhook", "Webhook"
    SERVICE = "service", "Chat, push, SMS or voice service"


class ContactKind(models.TextChoices):
    """By what a person is reached beside the address in the profile: names of transports."""

    MAIL = "mail", "E-mail address"
    SERVICE = "service", "Chat, push, SMS or voice service"


class WakeLevel(models.TextChoices):
    """What reaches somebody in their quiet hours."""

    URGENT = "urgent", "Urgent messages"
    NOTHING = "nothing", "Nothing"
