from django import forms

from portal.monitoring.models.alerts import LONGEST_NOTE


class RateForm(forms.Form):
    """One click: it was useful, or noise."""

    verdict = forms.ChoiceField(choices=[("useful", "Useful"), ("noise", "Noise")])


class ResolveForm(forms.Form):
    note = forms.CharField(
        max_length=LONGEST_NOTE, error_messages={"required": "Say why it is over."}
    )
