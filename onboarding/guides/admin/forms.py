"""What is known of a guide besides its steps."""

from django import forms

from onboarding.models import Guide
from portal.accounts.roles import ROLES
from portal.core.data.columns import LARGEST

FACTS = (
    *("title", "slug", "purpose", "audience", "roles", "prerequisites", "minutes"),
    *("owner", "position", "asks_acknowledgement", "is_tour"),
)


class GuideForm(forms.ModelForm):
    """What one person typed; it tells what they changed, not what others did meanwhile."""

    roles = forms.MultipleChoiceField(
        choices=[(role, role.capitalize()) for role in ROLES],
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="The roles that it is offered to; none means everybody.",
    )
    based_on = forms.IntegerField(
        required=False, min_value=0, max_value=LARGEST, widget=forms.HiddenInput
    )

    # Set by GuideAdmin.get_form for one request: what a verb refused, and what stands there now.
    refusal = ""
    meanwhile: dict[str, str] = {}

    class Meta:
        model = Guide
        fields = FACTS

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        widget = self.fields["prerequisites"].widget
        widget.can_add_related = False
        # without "clear all", which select2 puts as a span into a list
        getattr(widget, "widget", widget).is_required = True
        for name in ("purpose", "audience"):
            self.fields[name].widget.attrs["class"] = "vTextField"
        self.fields[
            "audience"
        ].help_text = "Goes on after “For”, such as: whoever carries the pager."
        self.fields["slug"].required = bool(self.instance.pk)
        for name in FACTS:
            self.fields[name].show_hidden_initial = bool(self.instance.pk)
        if self.instance.pk:
            self.initial["based_on"] = self.instance.revision

    def clean_is_tour(self):
        wanted = self.cleaned_data["is_tour"]
        other = Guide.objects.filter(is_tour=True).exclude(pk=self.instance.pk).first()
        if wanted and other:
            raise forms.ValidationError(f"“{other}” is the welcome tour: turn it off there first.")
        return wanted

    def clean_slug(self):
        return self.cleaned_data["slug"] or Guide.objects.free_slug(self.data.get("title", ""))

    def clean(self):
        for name, value in self.meanwhile.items():
            said = f"Meanwhile it became “{value}”. Save again to put yours in its place."
            self.add_error(name, said)
        if self.refusal:
            raise forms.ValidationError(self.refusal)
        return super().clean()

    @property
    def described(self) -> dict:
        """The arguments for `Guide.describe`: only what this person changed."""
        return {name: self.cleaned_data[name] for name in self.changed_data if name in FACTS}

    @property
    def started(self) -> dict:
        """The arguments for `Guide.objects.start`, without the prerequisites."""
        known = {name: self.cleaned_data[name] for name in FACTS}
        return {name: value for name, value in known.items() if name != "prerequisites"}
