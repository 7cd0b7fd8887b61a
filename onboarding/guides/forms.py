"""What is typed to find guides."""

from django import forms

from portal.search.text.words import LONGEST_QUERY


class FindForm(forms.Form):
    """Words to find, and which guides to show."""

    SHOWN = (("", "All"), ("open", "Not completed"), ("done", "Completed"))

    q = forms.CharField(required=False, max_length=LONGEST_QUERY, label="Words")
    show = forms.ChoiceField(required=False, choices=SHOWN, label="Show")

    @property
    def words(self) -> str:
        return self.cleaned_data.get("q", "") if self.is_valid() else ""

    @property
    def shown(self) -> str:
        return self.cleaned_data.get("show", "") if self.is_valid() else ""
