from itertools import chain

from django import forms

from portal.core.web.offers import offered
from portal.notifications.models import DeliveryState, Kind, Preference


class StateForm(forms.Form):
    """Which deliveries somebody wants to see."""

    state = forms.ChoiceField(choices=[("", "All"), *DeliveryState.choices], required=False)

    def chosen(self, rows):
        """The rows in the state that was asked for; none in a state that does not exist."""
        if not self.is_valid():
            return rows.none()
        state = self.cleaned_data["state"]
        return rows.filter(state=state) if state else rows


class PreferencesForm(forms.Form):
    """A box for each kind of message that may concern this person."""

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user
        self.kinds = {app.TITLE: _kinds(app, user) for app in offered("notices")}
        chosen = Preference.objects.of(user, chain.from_iterable(self.kinds.values()))
        for name, kind in self._by_name().items():
            self.fields[name] = forms.BooleanField(
                label=kind.label, required=False, initial=chosen[name]
            )

    def _by_name(self) -> dict[str, Kind]:
        return {kind.name: kind for kinds in self.kinds.values() for kind in kinds}

    @property
    def parts(self) -> list[tuple[str, list]]:
        """Each heading with its boxes."""
        found = (
            (title, [self[kind.name] for kind in kinds]) for title, kinds in self.kinds.items()
        )
        return [(title, boxes) for title, boxes in found if boxes]

    def save(self) -> None:
        kinds = self._by_name()
        chosen = {kinds[name]: by_mail for name, by_mail in self.cleaned_data.items()}
        Preference.objects.choose(self.user, chosen)


def _kinds(app, user) -> list[Kind]:
    return [kind for kind in app.KINDS if kind.is_for(user)]
