"""Links in messages by which one person rates one alert without signing in.

A message is stored with the plain address of the alert's page, which is what channels get too. As
it is sent to a person, two links stand there instead: signed, for this person and this alert, until
`VALID` after the message was written. So they stand in no table, and no page shows them. A link
opens a page with a button: programs that fetch what is in mail change nothing.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.core import signing
from django.db import transaction
from django.urls import reverse

from portal.accounts.models import User
from portal.core.web.address import absolute
from portal.core.web.days import minute_of
from portal.monitoring.models import Alert, Rating

SALT = "portal.monitoring.ratings.links"
RATE = "monitoring.rate_alert"
VALID = timedelta(days=7)
LONGEST_KEY = 300
LEADS_TO_PAGE = "Useful, or noise? Rate it: "
LEAD = re.compile(rf"^{re.escape(LEADS_TO_PAGE)}\S+/alerts/([0-9]{{1,18}})/$\n?", re.MULTILINE)


class Unusable(Exception):
    """The link rates nothing: the status, a title, and what to do instead."""

    def __init__(self, status: int, title: str, detail: str, alert: Alert | None = None):
        super().__init__(detail)
        self.status, self.title, self.detail, self.alert = status, title, detail, alert


NOT_VALID = (
    404,
    "Not a valid link",
    "The address is not complete, or was changed. Copy all of it from the message, or sign in.",
)
FORGOTTEN = (
    404,
    "The alert is gone",
    "It was older than alerts are kept here. There is nothing to do.",
)
WITHDRAWN = (
    403,
    "Not permitted",
    "Your account may not rate alerts any more. Ask an operator of the portal for the role.",
)
LATE = f"Links in messages are valid for {VALID.days} days. Sign in and rate the alert on its page."
USED = "You rated it: {}, on {}. A message counts once. To change it, rate the alert on its page."


@dataclass(frozen=True)
class Link:
    """What a key says: whose click it is, on which alert, as what, and when it was made."""

    alert: Alert
    person: User
    is_useful: bool
    made_at: datetime

    @property
    def word(self) -> str:
        return Rating(is_useful=self.is_useful).word

    @property
    def until(self) -> datetime:
        return self.made_at + VALID


def line_for(alert: Alert) -> str:
    """The line of a message that `made_personal` makes links of."""
    return f"{LEADS_TO_PAGE}{absolute(alert.get_absolute_url())}"


def made_personal(text: str, recipient: User, created_at: datetime) -> str:
    """With the links of this person; without the line for who may not rate alerts."""
    if LEADS_TO_PAGE not in text:
        return text
    if not recipient.has_perm(RATE):
        return LEAD.sub("", text)
    return LEAD.sub(lambda found: _lines(int(found[1]), recipient, created_at), text)


def _lines(alert: int, person: User, created_at: datetime) -> str:
    useful, noise = (address_of(alert, person, each, created_at) for each in (True, False))
    return f"Useful: {useful}\nNoise: {noise}\n"


def address_of(alert: int, person: User, is_useful: bool, made_at: datetime) -> str:
    said = [alert, person.pk, int(is_useful), int(made_at.timestamp() * 1000)]
    key = signing.Signer(salt=SALT).sign_object(said)
    return absolute(reverse("monitoring:rate-by-link", args=[key]))


def opened(key: str, at: datetime) -> Link:
    """What may be rated by it now. Raises Unusable."""
    alert, person, is_useful, made_at = _read(key)
    found = Alert.objects.filter(pk=alert).first()
    rater = User.objects.signed_in(person)
    if rater is None or not (rater.has_perm(RATE) and rater.has_perm("monitoring.view_alert")):
        raise Unusable(*WITHDRAWN)
    if found is None:
        raise Unusable(*FORGOTTEN)
    link = Link(found, rater, is_useful, made_at)
    if at >= link.until:
        raise Unusable(410, "The link has expired", LATE, found)
    _require_unused(link)
    return link


def _read(key: str) -> tuple[int, int, bool, datetime]:
    if len(key) > LONGEST_KEY:
        raise Unusable(*NOT_VALID)
    try:
        alert, person, is_useful, made = signing.Signer(salt=SALT).unsign_object(key)
    except (signing.BadSignature, ValueError):
        raise Unusable(*NOT_VALID) from None
    return alert, person, bool(is_useful), datetime.fromtimestamp(made / 1000, UTC)


def _require_unused(link: Link) -> None:
    """Each message counts once: what the person said since it was written stands."""
    later = link.alert.ratings.filter(person=link.person, at__gt=link.made_at).first()
    if later is not None:
        said = USED.format(later.word, minute_of(later.at))
        raise Unusable(409, "Rated already", said, link.alert)


@transaction.atomic
def rate(key: str, at: datetime) -> Link:
    """Rate the alert as the link says. Raises Unusable; of two clicks at once one is told so."""
    User.objects.select_for_update().filter(pk=_read(key)[1]).first()
    link = opened(key, at)
    link.alert.rate(by=link.person, useful=link.is_useful, at=at)
    return link
