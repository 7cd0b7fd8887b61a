"""What the page says of how somebody is reached."""

from typing import Any

from django.db.models import OuterRef, Subquery

from portal.notifications.models import ContactMethod, Delivery

from .forms import QuietHoursForm
from .status import FAILING, USED, status_of


def reached(user, hours: QuietHoursForm | None = None) -> dict[str, Any]:
    """The methods in their order, each with its state, and the quiet hours."""
    failed = Delivery.objects.filter(contact_method=OuterRef("pk")).exclude(last_error="")
    newest = Subquery(failed.order_by("-pk").values("last_error")[:1])
    methods = list(ContactMethod.objects.of(user).annotate(last_error=newest))
    mail_error = Delivery.objects.mail_error(user) if user.email else ""
    return {
        "methods": [(method, status_of(method)) for method in methods],
        "mail_status": FAILING if mail_error else USED,
        "mail_error": mail_error,
        "is_reached": bool(user.email) or any(method.is_verified for method in methods),
        "hours": hours or QuietHoursForm(user=user),
    }
