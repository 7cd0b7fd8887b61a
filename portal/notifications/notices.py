"""How people are told: once, never of what they did themselves, by mail if they want it so.

An app has its own `notices.py`: the kinds of its messages in `KINDS`, under the heading `TITLE`;
`watched(user)`, what this person watches there, if anything of it is Watchable;
`personal(text, recipient, created_at)`, if a message says something to one person only; and
`leaving(kind, text)`, where somebody outside unsubscribes from such a message.
"""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse

from portal.accounts.models import Team, User
from portal.core.web.address import absolute

from .models import Channel, Delivery, Kind, Preference, Urgency

TITLE = "What you watch"
WATCHED = Kind("watched", "Something that you watch changed")
KINDS = (WATCHED,)

Concerned = Iterable[tuple[Kind, Iterable[User | str | None]]]


def tell(
    *,
    key: str,
    subject: str,
    text: str,
    concerned: Concerned,
    by: User | None,
    urgency: str = Urgency.LOW,
    teams: Iterable[Team | int | None] | None = None,
) -> None:
    """Queue a message to whom it concerns, in the caller's transaction.

    `concerned`: kinds of messages, each with people or addresses. Who is named under several kinds
    gets one message, mailed if they want any of these kinds mailed; who did it (`by`) gets none.
    `teams`: the channels of these, and of everybody, get it as well if they take any of the kinds
    and the urgency; programs are told the first kind. None: no channels.
    """
    concerned = [(kind, [*people]) for kind, people in concerned]
    _tell_people(key, subject, text, concerned, by, urgency)
    if teams is not None and concerned:
        names = [kind.name for kind, _ in concerned]
        channels = Channel.objects.concerned(teams, names, urgency)
        about: dict[str, Any] = {"subject": subject, "text": f"{text.rstrip()}\n", "kind": names[0]}
        Delivery.objects.post(key=key, to=channels, urgency=urgency, **about)


def _tell_people(key, subject, text, concerned: Concerned, by, urgency: str) -> None:
    to: dict[Any, User | str] = {}
    kinds: dict[int, list[Kind]] = {}
    for kind, people in concerned:
        for each in people:
            if isinstance(each, User) and each.is_active and each != by:
                to[each.pk] = each
                kinds.setdefault(each.pk, []).append(kind)
            elif isinstance(each, str) and each:
                to[each] = each
    if not to:
        return
    quiet = Preference.objects.unwanted(kinds) if kinds else set()
    text = f"{text.rstrip()}\n\n-- \nChoose what is mailed to you: {settings_address()}\n"
    about = {"subject": subject, "text": text, "urgency": urgency}
    Delivery.objects.post(key=key, to=to.values(), quiet=quiet, **about)


def settings_address() -> str:
    return absolute(reverse("notifications:settings"))
