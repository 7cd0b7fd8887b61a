"""What is typed about channels."""

from datetime import timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from portal.accounts.models import Team
from portal.core.data.columns import longest
from portal.core.web.forms import RefusingForm
from portal.core.web.pickers import RowField
from portal.notifications.models import Channel, ChannelKind, Urgency
from portal.notifications.models.channels import LONGEST_OVERLAP, OVERLAP
from portal.notifications.transports import TRANSPORTS

from .kinds import kinds_for_teams, label_of

URGENCIES = [(Urgency.LOW, "Everything"), (Urgency.HIGH, "Only what is urgent")]
HOUR = timedelta(hours=1)
SECRET = {"autocomplete": "off", "spellcheck": "false"}


class ChannelForm(RefusingForm):
    """What a channel is, and what it gets; `kind` and `address` of a new one."""

    known_kind = ""  # where it cannot be chosen

    name = forms.CharField(max_length=longest(Channel, "name"))
    kind = forms.ChoiceField(widget=forms.RadioSelect, label="Kind", initial=ChannelKind.MAIL)
    address = forms.CharField(
        widget=forms.TextInput(SECRET),
        help_text="An e-mail address, a URL, or the apprise address of a service, such as "
        "ntfys://ntfy.example.org/topic. After this, it is not shown in full again.",
    )
    team = RowField(
        Team.objects.all,
        noun="team",
        required=False,
        help_text="Whose messages it gets. Without one it gets those of all teams.",
    )
    kinds = forms.MultipleChoiceField(
        widget=forms.CheckboxSelectMultiple,
        required=False,
        label="Kinds of messages",
        help_text="None chosen: all of them.",
    )
    least_urgency = forms.ChoiceField(
        choices=URGENCIES, widget=forms.RadioSelect, label="Urgency", initial=Urgency.LOW
    )

    def __init__(self, *arguments, **named):
        super().__init__(*arguments, **named)
        fields: Any = self.fields
        fields["kind"].choices = [(k, k.label) for k in ChannelKind if k in TRANSPORTS]
        fields["kinds"].choices = [(k.name, label_of(k)) for k in kinds_for_teams().values()]

    def clean(self):
        """Also the address: the verb would be asked only when all other fields are right."""
        given = super().clean()
        transport = TRANSPORTS.get(given.get("kind") or self.known_kind)
        try:
            if transport and given.get("address"):
                transport.validate(given["address"].strip())
        except ValidationError as error:
            self.add_error("address", error.messages)
        return given


class ChangeForm(ChannelForm):
    """The same of a channel that exists; `revision` says on what the change is based."""

    revision = forms.IntegerField(widget=forms.HiddenInput)
    is_active = forms.BooleanField(required=False, label="Send messages to it")

    def __init__(self, *arguments, channel: Channel, **named):
        self.known_kind = channel.kind
        names = ("name", "team", "kinds", "least_urgency", "is_active", "revision")
        initial = {name: getattr(channel, name) for name in names}
        super().__init__(*arguments, initial=initial, **named)
        del self.fields["kind"]
        address = self.fields["address"]
        address.required = False
        address.label = "New address"
        address.help_text = f"Leave it empty to keep {channel.shown_address}."
        kinds: Any = self.fields["kinds"]
        known = {name for name, _ in kinds.choices}
        gone = [(name, name) for name in channel.kinds if name not in known]
        kinds.choices = [*kinds.choices, *gone]

    def changes(self) -> dict:
        """What the verb takes: nothing of an address that stays."""
        given = {name: value for name, value in self.cleaned_data.items() if name != "revision"}
        if not given["address"]:
            del given["address"]
        return given


class RotationForm(forms.Form):
    """For how long the secret that is replaced goes on signing."""

    hours = forms.IntegerField(
        min_value=0,
        max_value=LONGEST_OVERLAP // HOUR,
        initial=OVERLAP // HOUR,
        label="Hours for which the old secret goes on signing",
        help_text="Time to give the new one to whoever verifies.",
    )

    @property
    def overlap(self) -> timedelta:
        return timedelta(hours=self.cleaned_data["hours"])
