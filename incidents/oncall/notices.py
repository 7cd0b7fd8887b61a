"""What people are told about their shifts, each in the transaction of what happened."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.formats import date_format

from incidents.models import Override, Rotation, Swap
from portal.accounts.models import User
from portal.core.web.address import absolute
from portal.notifications.models import Kind
from portal.notifications.notices import tell

from .kinds import CHANGED, SHIFTS
from .shifts import Shift
from .summary import Section, in_text

OURS = "oncall-"  # what the key of each message begins with


def begins(rotation: Rotation, person: User, shift: Shift, sections: list[Section]) -> None:
    """To who takes over, once a shift, with the summary of the one before."""
    zone = ZoneInfo(rotation.time_zone)
    page = absolute(reverse("oncall:hand-over", args=[rotation.slug]))
    head = f"You are on call for {rotation} until {when(shift.ends_at, zone)}."
    _tell(
        f"begins-{rotation.pk}-{_mark(shift.starts_at)}",
        f"You are on call: {rotation}",
        f"{head}\n\n{in_text(sections, zone)}\n\nHand-over: {page}",
        person,
        SHIFTS,
    )


def tomorrow(rotation: Rotation, person: User, shift: Shift) -> None:
    zone = ZoneInfo(rotation.time_zone)
    span = f"{when(shift.starts_at, zone)} to {when(shift.ends_at, zone)}"
    page = absolute(rotation.get_absolute_url())
    _tell(
        f"tomorrow-{rotation.pk}-{_mark(shift.starts_at)}",
        f"On call tomorrow: {rotation}",
        f"Your shift in {rotation}: {span}, {zone.key}.\nSwap it, or look at the rotation: {page}",
        person,
        SHIFTS,
    )


def overridden(override: Override, replaced: list[User], *, by: User) -> None:
    """To who is put on call, and to those who are not any more."""
    rotation, zone = override.rotation, ZoneInfo(override.rotation.time_zone)
    span = f"{when(override.starts_at, zone)} to {when(override.ends_at, zone)}"
    reason = f"\nReason: {override.reason}" if override.reason else ""
    page = absolute(rotation.get_absolute_url())
    about = f"{span}, {zone.key}. Changed by {by}.{reason}\nRotation: {page}"
    person = override.person
    if person:
        text = f"You are on call for {rotation} from {about}"
        _tell(f"override-{override.pk}", f"You are put on call: {rotation}", text, person, by=by)
    for other in replaced:
        if other != person:
            text = f"{person or 'Nobody'} is on call in your place, {about}"
            key = f"replaced-{override.pk}-{other.pk}"
            _tell(key, f"You are not on call: {rotation}", text, other, by=by)


def cancelled(override: Override, *, by: User) -> None:
    zone = ZoneInfo(override.rotation.time_zone)
    span = f"{when(override.starts_at, zone)} to {when(override.ends_at, zone)}"
    page = absolute(override.rotation.get_absolute_url())
    if override.person:
        _tell(
            f"override-cancelled-{override.pk}",
            f"Override cancelled: {override.rotation}",
            f"Your override {span}, {zone.key}, was ended by {by}.\nRotation: {page}",
            override.person,
            by=by,
        )


def proposed(swap: Swap) -> None:
    text = f"{swap.asker} asks you to take a shift in {swap.rotation}: {given(swap)}."
    if swap.back_starts_at and swap.back_ends_at:
        text += f"\nIn return {swap.asker} takes {_span(swap, 'back_')}."
    if swap.message:
        text += f"\n\n{swap.message}"
    text += f"\n\nAgree or decline: {absolute(swap.get_absolute_url())}"
    subject = f"{swap.asker} asks for a swap: {swap.rotation}"
    _tell(f"swap-{swap.pk}", subject, text, swap.asked, by=swap.asker)


def decided(swap: Swap, *, by: User) -> None:
    """To the other one of the two."""
    other = swap.asker if by == swap.asked else swap.asked
    word = swap.get_state_display().lower()
    text = (
        f"{by} {word} the swap in {swap.rotation}: {given(swap)}.\n"
        f"{absolute(swap.get_absolute_url())}"
    )
    subject = f"Swap {word}: {swap.rotation}"
    _tell(f"swap-{swap.state}-{swap.pk}", subject, text, other, by=by)


def given(swap: Swap) -> str:
    return _span(swap, "")


def _span(swap: Swap, side: str) -> str:
    zone = ZoneInfo(swap.rotation.time_zone)
    begin, end = (getattr(swap, f"{side}{name}") for name in ("starts_at", "ends_at"))
    return f"{when(begin, zone)} to {when(end, zone)}, {zone.key}"


def when(at: datetime, zone: ZoneInfo) -> str:
    return date_format(at.astimezone(zone), "D j M Y, H:i")


def _mark(at: datetime) -> str:
    return f"{at:%Y%m%dT%H%M}"


def _tell(
    key: str, subject: str, text: str, person: User, kind: Kind = CHANGED, by: User | None = None
) -> None:
    tell(key=OURS + key, subject=subject, text=text, concerned=[(kind, [person])], by=by)
