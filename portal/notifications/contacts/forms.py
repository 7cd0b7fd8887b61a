"""What is typed about contact methods and quiet hours."""

from django import forms
from django.core.exceptions import ValidationError

from portal.core.data import clock
from portal.core.data.columns import longest
from portal.core.web.forms import RefusingForm
from portal.notifications.models import ContactKind, ContactMethod, QuietHours, Urgency, WakeLevel
from portal.notifications.models.contact_methods import DIGITS
from portal.notifications.models.quiet_hours import WEEKDAYS
from portal.notifications.transports.schemes import NAMES

from . import verbs

URGENCIES = [(Urgency.HIGH, "Only what is urgent"), (Urgency.LOW, "Everything")]
SECRET = {"autocomplete": "off", "spellcheck": "false"}
ONCE = {"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false"}
WHEN = {"type": "time"}


class MethodForm(RefusingForm):
    """What may be changed of a contact method."""

    label = forms.CharField(
        max_length=longest(ContactMethod, "label"),
        required=False,
        help_text="As you call it, for example “Work phone”.",
    )
    least_urgency = forms.ChoiceField(
        choices=URGENCIES, widget=forms.RadioSelect, label="It gets", initial=Urgency.HIGH
    )


class NewMethodForm(MethodForm):
    """A new one, with its address, which is not shown in full again."""

    kind = forms.ChoiceField(
        choices=ContactKind.choices,
        widget=forms.RadioSelect,
        label="Kind",
        initial=ContactKind.SERVICE,
    )
    address = forms.CharField(
        widget=forms.TextInput(SECRET),
        help_text="An e-mail address, or the apprise address of a service, such as "
        "ntfys://ntfy.example.org/topic or tgram://TOKEN/CHAT. It is not shown in full again. "
        f"Services: {', '.join(NAMES)}.",
    )
    field_order = ("kind", "address", "label", "least_urgency")


class CodeForm(forms.Form):
    """The code that arrived."""

    code = forms.CharField(
        max_length=20,
        label="Code",
        widget=forms.TextInput(ONCE),
        help_text=f"The {DIGITS} digits of the message.",
    )


class QuietHoursForm(RefusingForm):
    """From when to when, on which days, and what wakes."""

    is_on = forms.BooleanField(required=False, label="I have quiet hours")
    starts = forms.TimeField(widget=forms.TimeInput(WHEN, format="%H:%M"), label="From")
    ends = forms.TimeField(widget=forms.TimeInput(WHEN, format="%H:%M"), label="To")
    weekdays = forms.TypedMultipleChoiceField(
        choices=list(enumerate(WEEKDAYS)),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label="They begin on",
    )
    wakes_for = forms.ChoiceField(choices=WakeLevel.choices, widget=forms.RadioSelect)

    def __init__(self, *arguments, user, **named):
        self.user = user
        hours = QuietHours.objects.of(user)
        shown = hours or QuietHours()
        names = ("starts", "ends", "weekdays", "wakes_for")
        initial = {name: getattr(shown, name) for name in names}
        initial["is_on"] = bool(hours and hours.is_on)
        super().__init__(*arguments, initial=initial, **named)
        self.fields["wakes_for"].label = "Wake me for"

    def save(self) -> bool:
        """Keep or drop them; False, with errors in the form, if they cannot be."""
        given, at = dict(self.cleaned_data), clock.now()
        if not given.pop("is_on"):
            verbs.drop_hours(self.user, at=at)
            return True
        try:
            verbs.choose_hours(self.user, at=at, **given)
        except ValidationError as error:
            self.refuse(error)
            return False
        return True
