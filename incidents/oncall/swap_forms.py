"""What people type to swap a shift."""

from datetime import datetime

from django import forms

from incidents.models import Swap
from incidents.models.candidates import able
from portal.accounts.people.fields import PersonField
from portal.core.data.columns import longest
from portal.core.web.forms import RefusingForm

from .forms import MomentField


class SwapForm(RefusingForm):
    """Which shift is given away, to whom, and what is taken in return."""

    shift = forms.ChoiceField(label="Your shift")
    asked = PersonField(able, label="Ask")
    starts_at = MomentField(
        required=False, label="From", help_text="A part of it only; empty: all of it."
    )
    ends_at = MomentField(required=False, label="Until")
    back = forms.ChoiceField(required=False, label="You take in return")
    message = forms.CharField(max_length=longest(Swap, "message"), required=False)

    def __init__(self, data=None, *, own, others, initial=None):
        super().__init__(data, initial=initial)
        self.fields["shift"].choices = own
        self.fields["back"].choices = [("", "Nothing"), *others]

    @property
    def given(self) -> tuple[datetime, datetime]:
        """The shift, or the part of it."""
        begin, end = times_of(self.cleaned_data["shift"])
        return self.cleaned_data["starts_at"] or begin, self.cleaned_data["ends_at"] or end

    @property
    def in_return(self) -> tuple[datetime, datetime] | None:
        value = self.cleaned_data["back"]
        return times_of(value) if value else None

    def refuse(self, refusal) -> None:
        pointer = getattr(refusal, "extra", {}).get("pointer", "")
        if pointer in ("/back_starts_at", "/back_ends_at"):
            self.add_error("back", refusal.detail)
        else:
            super().refuse(refusal)


def value_of(starts_at: datetime, ends_at: datetime) -> str:
    """A shift as the value of a choice."""
    return f"{starts_at.isoformat()}/{ends_at.isoformat()}"


def times_of(value: str) -> tuple[datetime, datetime]:
    begin, _, end = value.partition("/")
    return datetime.fromisoformat(begin), datetime.fromisoformat(end)
