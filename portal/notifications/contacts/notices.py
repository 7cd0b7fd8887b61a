"""What people are told when somebody changes how they are reached: they know who it was.

It goes to the address in the profile, whatever they chose to have mailed; without one, to their
other contact methods. What is removed is told so itself.
"""

from datetime import datetime

from portal.accounts.models import User
from portal.notifications.models import ContactMethod, Delivery, Urgency
from portal.notifications.models.contact_methods import FAREWELL
from portal.notifications.notices import settings_address

SECURITY = "contact-changed"
IF_NOT_YOU = (
    "If this was you, there is nothing to do. If not, change your password, revoke your API tokens "
    "and tell an operator of the portal."
)
GETS = {Urgency.LOW: "everything", Urgency.HIGH: "only what is urgent"}


def verified(method: ContactMethod, *, at: datetime) -> None:
    text = f"{_named(method)} was added: it gets {gets(method)} from now on."
    _tell(method.person, "A contact method was added", text, at, but=method)


def changed(method: ContactMethod, *, at: datetime) -> None:
    text = f"{_named(method)} gets {gets(method)} from now on."
    _tell(method.person, "A contact method was changed", text, at)


def moved(method: ContactMethod, *, at: datetime) -> None:
    text = f"{_named(method)} is now number {method.position} of your contact methods."
    _tell(method.person, "The order of your contact methods was changed", text, at)


def removed(method: ContactMethod, *, at: datetime) -> None:
    """Tell the person, and the method itself if it was verified."""
    subject, text = "A contact method was removed", f"{_named(method)} gets nothing any more."
    _tell(method.person, subject, text, at)
    if method.is_verified:
        last = _text("The portal sends nothing here any more: this contact method was removed.")
        about = {"kind": FAREWELL, "subject": subject, "text": last}
        Delivery.objects.post_alone(method, f"contact-removed-{method.pk}", at, **about)


def hours_changed(person: User, hours: str, *, at: datetime) -> None:
    _tell(person, "Your quiet hours were changed", f"They are now: {hours}.", at)


def gets(method: ContactMethod) -> str:
    return GETS[Urgency(method.least_urgency)]


def _named(method: ContactMethod) -> str:
    return f"{method.label} ({method.shown})" if method.label else method.shown


def _text(said: str) -> str:
    return f"{said}\n\n{IF_NOT_YOU}\n\nHow you are reached: {settings_address()}\n"


def _tell(person, subject: str, said: str, at: datetime, but: ContactMethod | None = None) -> None:
    about = {"kind": SECURITY, "subject": subject, "text": _text(said)}
    key = f"{SECURITY}-{person.pk}-{at.isoformat()}"
    if person.email:
        Delivery.objects.post_alone(person, key, at, **about)
        return
    for method in ContactMethod.objects.of(person).verified():
        if method != but:
            Delivery.objects.post_alone(method, f"{key}-{method.pk}", at, **about)
