"""What is forgotten of how somebody was reached, when an operator has a person forgotten."""

from auditlog.models import LogEntry
from django.db import transaction

from portal.notifications.models import ContactMethod, Delivery, DeliveryState, QuietHours

FORGOTTEN = "A contact method"


@transaction.atomic
def forget_person(user) -> int:
    """How many rows went: what was removed, and of an account that is switched off all.

    By the others the person is still reached. What was sent to them goes with them, and the trail
    names no address any more, nor who changed it.
    """
    methods, hours = ContactMethod.objects.filter(person=user), QuietHours.objects.none()
    if user.is_active:
        methods = methods.filter(removed_at__isnull=False)
    else:
        hours = QuietHours.objects.filter(person=user)
    sending = Delivery.objects.filter(state=DeliveryState.SENDING).values("contact_method")
    methods = methods.exclude(pk__in=sending.filter(contact_method__isnull=False))
    for rows in (methods, hours):
        _trail(rows)
    return sum(rows.delete()[1].get(rows.model._meta.label, 0) for rows in (methods, hours))


def _trail(rows) -> None:
    keys = [str(pk) for pk in rows.values_list("pk", flat=True)]
    found = LogEntry.objects.get_for_model(rows.model).filter(object_pk__in=keys)
    who = {"actor": None, "actor_email": None, "remote_addr": None, "remote_port": None}
    found.update(**who, cid=None, object_repr=FORGOTTEN, changes={})
