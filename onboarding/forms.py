from django import forms

from onboarding.models.questions import LONGEST_REASON

LONGEST_REPORT = 5000
LONGEST_WORDS = 200


class FindForm(forms.Form):
    """Words to find, and which guides to show."""

    SHOWN = (("", "All"), ("open", "Not completed"), ("done", "Completed"))

    q = forms.CharField(required=False, max_length=LONGEST_WORDS, label="Words")
    show = forms.ChoiceField(required=False, choices=SHOWN, label="Show")

    @property
    def words(self) -> str:
        return self.cleaned_data.get("q", "") if self.is_valid() else ""

    @property
    def shown(self) -> str:
        return self.cleaned_data.get("show", "") if self.is_valid() else ""


class QuestionsForm(forms.Form):
    q = forms.CharField(required=False, max_length=LONGEST_WORDS, label="Words")
    topic = forms.CharField(required=False, max_length=80, label="Topic")


class StuckForm(forms.Form):
    """What happened at a step."""

    text = forms.CharField(
        max_length=LONGEST_REPORT,
        label="What happened?",
        help_text="What you did, what you saw, what you expected.",
        widget=forms.Textarea(attrs={"rows": 4, "autofocus": True}),
        error_messages={"required": "Say in a line what happened."},
    )


class SeenForm(forms.Form):
    """For how many seconds a step was visible."""

    seconds = forms.IntegerField(min_value=0, max_value=10**6)


class JudgeForm(forms.Form):
    """Whether an answer helped, and what was missing."""

    helped = forms.ChoiceField(choices=[("yes", "Yes"), ("no", "No")])
    reason = forms.CharField(required=False, max_length=LONGEST_REASON)

    @property
    def verdict(self) -> bool:
        return self.cleaned_data["helped"] == "yes"
