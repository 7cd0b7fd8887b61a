"""How a message looks by each channel before it is sent."""

from typing import NamedTuple

from incidents.models import Communication
from incidents.models.recipients import Recipients
from portal.notifications.models import ChannelKind

from . import variables
from .sms import Size, size_of

Pieces = list[tuple[str, str]]


class Previews(NamedTuple):
    """`size`: of the SMS, with what is missing still in it."""

    subject: Pieces
    text: Pieces
    size: Size
    mailed: int
    chats: list[str]
    on_status_page: bool


def previews_of(row: Communication, to: Recipients, at) -> Previews:
    values = row.all_values(at, for_public=row.is_public)
    filled = f"{variables.filled(row.subject, values)}: {variables.filled(row.text, values)}"
    by_mail = [each for each in to.channels if each.kind == ChannelKind.MAIL]
    others = [each.name for each in to.channels if each.kind != ChannelKind.MAIL]
    return Previews(
        subject=variables.parts(row.subject, values),
        text=variables.parts(row.text, values),
        size=size_of(filled),
        mailed=len(to.people) + len(to.addresses) + to.subscribers + len(by_mail),
        chats=others,
        on_status_page=row.audience == "customers",
    )
