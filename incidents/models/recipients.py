"""Who gets a communication, and to whom it went."""

from dataclasses import dataclass, field

from portal.accounts.models import User
from portal.notifications.models import Channel

from .audiences import Audience
from .communication_choices import AudienceName
from .subscriptions import StatusSubscription


@dataclass
class Recipients:
    """People, channels and addresses; `subscribers`: how many of the status page get it, too."""

    people: list[User] = field(default_factory=list)
    channels: list[Channel] = field(default_factory=list)
    addresses: list[str] = field(default_factory=list)
    subscribers: int = 0

    @property
    def count(self) -> int:
        return len(self.people) + len(self.channels) + len(self.addresses) + self.subscribers

    @property
    def targets(self) -> list[User | Channel | str]:
        return [*self.people, *self.channels, *self.addresses]

    def noted(self) -> dict:
        """As it is kept when it was sent: names, and of subscribers only how many."""
        return {
            "people": [each.display_name for each in self.people],
            "channels": [each.name for each in self.channels],
            "addresses": self.addresses,
            "subscribers": self.subscribers,
        }


def recipients_of(incident, audience: str) -> Recipients:
    """Of a restricted incident those who take part, and nobody else."""
    found = Recipients()
    if not incident.is_restricted:
        row = Audience.objects.loaded().get(name=audience)
        people = [each for each in row.people.all() if each.is_active]
        channels = [each for each in row.channels.all() if each.is_active]
        found = Recipients(people, channels, list(row.addresses))
    if audience == AudienceName.RESPONDERS:
        _add_responders(found, incident)
    if audience == AudienceName.CUSTOMERS:
        found.subscribers = StatusSubscription.objects.confirmed().count()
    return found


def _add_responders(found: Recipients, incident) -> None:
    people = User.objects.filter(participations__incident=incident, is_active=True)
    found.people = list(dict.fromkeys([*found.people, *people.order_by("pk")]))
    if incident.owner_id and not incident.is_restricted:
        own = Channel.objects.active().filter(team=incident.owner_id).order_by("pk")
        found.channels = list(dict.fromkeys([*found.channels, *own]))
