"""What is typed about assignments, and what a step page sends."""

from django import forms

from onboarding.models import Guide
from portal.accounts.models import Team, User
from portal.accounts.people.fields import PersonField
from portal.core.web.forms import RefusingForm
from portal.core.web.pickers import RowField

WHOM = (("user", "One person"), ("team", "A team"), ("new", "Everybody new"))
MOST_DAYS = 1000
PICKED = "Begin to type a name, then choose."


class AssignmentForm(RefusingForm):
    """Which guide, for whom, until when."""

    guide = forms.ModelChoiceField(
        Guide.objects.none(), to_field_name="slug", empty_label="Choose a guide"
    )
    whom = forms.ChoiceField(choices=WHOM, widget=forms.RadioSelect, label="For", initial="user")
    user = PersonField(User.objects.active, required=False, label="Person", help_text=PICKED)
    team = RowField(Team.objects.all, noun="team", required=False, help_text=PICKED)
    due_on = forms.DateField(
        required=False,
        label="Due on",
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        help_text="The last day.",
    )
    due_days = forms.IntegerField(
        required=False,
        min_value=1,
        max_value=MOST_DAYS,
        label="Or within days",
        help_text="Counted from today; for everybody new, from the day on which they join.",
    )

    def __init__(self, *arguments, user, **named):
        super().__init__(*arguments, **named)
        self.fields["guide"].queryset = Guide.objects.visible(user).published()

    def clean(self):
        given = super().clean()
        for way in ("user", "team"):
            if given.get("whom") == way and not given.get(way) and way not in self.errors:
                self.add_error(way, "Say for whom.")
        return given

    def asked(self) -> dict:
        """What `assign` takes; what does not belong to the choice is left out."""
        given = self.cleaned_data
        way = given["whom"]
        return {
            "user": given["user"] if way == "user" else None,
            "team": given["team"] if way == "team" else None,
            "everybody_new": way == "new",
            "due_on": given["due_on"],
            "due_days": given["due_days"],
        }


class SeenForm(forms.Form):
    """For how many seconds a step was visible."""

    seconds = forms.IntegerField(min_value=0, max_value=10**6)
