"""Changing how somebody is reached: pages and API call these, and the person is told of each."""

from datetime import datetime
from typing import Any

from django.db import transaction

from portal.accounts.models import User
from portal.notifications.models import ContactMethod, Delivery, QuietHours

from . import notices


@transaction.atomic
def add(person: User, *, at: datetime, **about: Any) -> ContactMethod:
    """Add a method and send its code. Raises ValidationError, and TooManyCodes."""
    method = ContactMethod.objects.add(person, **about)
    Delivery.objects.post_code(method, at=at)
    return method


def verify(method: ContactMethod, code: str, *, at: datetime) -> None:
    """Believe that it reaches the person, who has read the code there.

    Raises AlreadyVerified, CodeOver and WrongCode. Not within a transaction that these would undo:
    each try counts.
    """
    method.check_code(code, at=at)
    with transaction.atomic():
        if method.verify(at=at):
            notices.verified(method, at=at)


@transaction.atomic
def change(method: ContactMethod, *, at: datetime, based_on: int | None = None, **changes: Any):
    """As ContactMethod.change."""
    urgency = method.least_urgency
    method.change(based_on=based_on, **changes)
    if method.least_urgency != urgency and method.is_verified:
        notices.changed(method, at=at)


@transaction.atomic
def move(method: ContactMethod, steps: int, *, at: datetime) -> None:
    """As ContactMethod.move."""
    if method.move(steps) and method.is_verified:
        notices.moved(method, at=at)


@transaction.atomic
def remove(method: ContactMethod, *, at: datetime) -> None:
    """As ContactMethod.remove."""
    method.remove(at=at)
    notices.removed(method, at=at)


@transaction.atomic
def choose_hours(person: User, *, at: datetime, **hours: Any) -> None:
    """As QuietHours.objects.choose, by the person."""
    if QuietHours.objects.choose(person, by=person, **hours):
        notices.hours_changed(person, QuietHours.objects.of(person).in_force, at=at)


@transaction.atomic
def drop_hours(person: User, *, at: datetime) -> None:
    """Switch them off; when they were is kept."""
    if QuietHours.objects.drop(person, by=person):
        notices.hours_changed(person, "none", at=at)
