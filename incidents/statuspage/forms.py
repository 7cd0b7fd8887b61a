"""What people type about components, and what strangers type to subscribe."""

from typing import Any

from django import forms

from incidents.models import Component
from portal.architecture.models import Service
from portal.core.web.forms import RefusingForm

NO_ADDRESS = "This is not an e-mail address. Write one such as mia@example.org."


class ComponentForm(RefusingForm):
    """Which service, under which name, where."""

    service = forms.ModelChoiceField(
        queryset=Service.objects.none(), empty_label="Choose a service"
    )
    public_name = forms.CharField(
        max_length=80, label="Public name", help_text="As people outside know it."
    )
    position = forms.IntegerField(
        min_value=0, max_value=9999, initial=0, help_text="The lowest stands first."
    )
    is_public = forms.BooleanField(required=False, label="Show it on the public page")
    revision = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, data=None, *, component: Component | None = None):
        names = ("public_name", "position", "is_public", "revision")
        initial = {name: getattr(component, name) for name in names} if component else {}
        super().__init__(data, initial=initial)
        service: Any = self.fields["service"]
        service.queryset = Service.objects.filter(component=None).order_by("name")
        if component:
            del self.fields["service"]

    @property
    def about(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "revision"}


class SubscribeForm(forms.Form):
    email = forms.EmailField(
        max_length=254,
        label="Your e-mail",
        widget=forms.EmailInput({"autocomplete": "email"}),
        error_messages={"required": NO_ADDRESS, "invalid": NO_ADDRESS},
    )
