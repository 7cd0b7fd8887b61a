from django import forms

from .models import User
from .models.tokens import SCOPES

LIFETIMES = ((7, "7 days"), (30, "30 days"), (90, "90 days"), (365, "1 year"))


class ProfileForm(forms.ModelForm):
    """What people change of their own account."""

    class Meta:
        model = User
        fields = ["name", "email", "time_zone"]


class TokenForm(forms.Form):
    """What a new API token may do, and for how long."""

    name = forms.CharField(
        max_length=80, help_text="What will use it, for example “deploy pipeline”."
    )
    scopes = forms.MultipleChoiceField(
        choices=[(scope, scope) for scope in SCOPES],
        widget=forms.CheckboxSelectMultiple,
        initial=["read"],
        help_text="“read” and “write” cover everything that your role may do.",
    )
    days = forms.TypedChoiceField(choices=LIFETIMES, coerce=int, initial=90, label="Valid for")
