from django import forms

from portal.notifications.models import DeliveryState


class StateForm(forms.Form):
    """Which deliveries somebody wants to see."""

    state = forms.ChoiceField(choices=[("", "All"), *DeliveryState.choices], required=False)

    def chosen(self, rows):
        """The rows in the state that was asked for; none in a state that does not exist."""
        if not self.is_valid():
            return rows.none()
        state = self.cleaned_data["state"]
        return rows.filter(state=state) if state else rows
