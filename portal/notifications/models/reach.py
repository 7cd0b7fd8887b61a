"""Who is reached by nothing, before somebody has to be."""

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from portal.accounts.models import User

from .choices import DeliveryState
from .contact_methods import ContactMethod
from .deliveries import Delivery


def unreached() -> QuerySet[User]:
    """Active people whom nothing reaches: no address to which the newest mail came, no method."""
    mails = Delivery.objects.mailed().filter(recipient=OuterRef("pk"), to=OuterRef("email"))
    newest = Subquery(mails.order_by("-created_at", "-pk").values("state")[:1])
    methods = ContactMethod.objects.working().filter(person=OuterRef("pk")).order_by()
    people = User.objects.active().filter(~Exists(methods)).annotate(newest_mail=newest)
    return people.filter(Q(email="") | Q(newest_mail=DeliveryState.FAILED))
