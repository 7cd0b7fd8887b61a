"""Who was called for an incident, when, and whether it arrived."""

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q

from portal.notifications.models import Channel, Delivery, DeliveryState

from .escalations import Escalation


class CallOutcome(models.TextChoices):
    WAITING = "waiting", "On its way"
    ARRIVED = "arrived", "Arrived"
    FAILED = "failed", "Not reached"
    NOBODY = "nobody", "Nobody to call"


class TargetKind(models.TextChoices):
    """What a step aims at."""

    PERSON = "person", "Person"
    TEAM = "team", "Team"
    ROTATION = "rotation", "Rotation"
    CHANNEL = "channel", "Channel"
    OPERATORS = "operators", "All operators"  # of no step: when a plan has ended


# Of one message to one target; each is looked up by an index of its own
_OF_PERSON = Q(recipient=OuterRef("person"), contact_method__isnull=True)
_OF_METHOD = Q(recipient=OuterRef("person"), contact_method__isnull=False)
_OF_CHANNEL = Q(channel=OuterRef("channel"))
TROUBLED = Q(state__in=(DeliveryState.FAILED, DeliveryState.EXPIRED)) | Q(
    state=DeliveryState.WAITING, attempts__gt=0
)  # it failed, or its first attempt did: the next ones are not waited for


class CallQuerySet(models.QuerySet):
    def waiting(self):
        return self.filter(outcome=CallOutcome.WAITING)

    def arrived(self):
        """Of those that wait: one message at least was taken."""
        return self.waiting().filter(_any(Q(state=DeliveryState.SENT)))

    def troubled(self):
        """Of those that wait: every message failed, or there is none."""
        return self.waiting().filter(~_any(~TROUBLED))

    def of_turn(self, escalation):
        """Those of the newest step that was taken."""
        return self.filter(escalation=escalation, turn=escalation.turn)

    def hopeful(self):
        """Those that arrived, or may still arrive."""
        return self.filter(outcome__in=(CallOutcome.WAITING, CallOutcome.ARRIVED))


def _any(which: Q) -> Q:
    """Whether a call has such a delivery."""
    rows = Delivery.objects.filter(which, key=OuterRef("message_key")).order_by()
    found = [Exists(rows.filter(of)) for of in (_OF_PERSON, _OF_METHOD, _OF_CHANNEL)]
    return Q(found[0]) | Q(found[1]) | Q(found[2])


class Call(models.Model):
    """One person or channel that a step called, or why a target of it was nobody."""

    escalation = models.ForeignKey(Escalation, on_delete=models.CASCADE, related_name="calls")
    incident = models.ForeignKey(
        "incidents.Incident", on_delete=models.CASCADE, related_name="calls"
    )
    turn = models.PositiveIntegerField(help_text="Which time of the escalation, from 1.")
    stage = models.PositiveSmallIntegerField()
    round = models.PositiveSmallIntegerField()
    step = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, choices=TargetKind)
    target_name = models.CharField(max_length=150, help_text="What the step aims at.")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    channel = models.ForeignKey(
        Channel, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    name = models.CharField(max_length=150, blank=True, help_text="Who was called.")
    key = models.CharField(max_length=120, unique=True)
    message_key = models.CharField(max_length=100, blank=True, help_text="Of its deliveries.")
    at = models.DateTimeField()
    outcome = models.CharField(max_length=8, choices=CallOutcome, default=CallOutcome.WAITING)
    why = models.CharField(max_length=250, blank=True, help_text="Why nobody was reached.")

    objects = CallQuerySet.as_manager()

    class Meta:
        ordering = ["escalation", "turn", "pk"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(person=None) | Q(channel=None), name="call_person_or_channel"
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=CallOutcome.values), name="call_known_outcome"
            ),
        ]
        indexes = [
            # arrived(), troubled()
            models.Index(
                fields=["at"], condition=Q(outcome=CallOutcome.WAITING), name="call_waiting"
            ),
            # of_turn(), hopeful()
            models.Index(fields=["escalation", "turn", "outcome"], name="call_of_turn"),
        ]

    def __str__(self):
        return f"{self.name or self.target_name} for {self.incident}"

    def deliveries(self) -> models.QuerySet[Delivery]:
        """The messages by which it was called."""
        rows = Delivery.objects.filter(key=self.message_key)
        if self.channel_id:
            return rows.filter(channel=self.channel_id)
        return rows.filter(recipient=self.person_id) if self.person_id else rows.none()
