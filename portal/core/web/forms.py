"""Forms that say what a verb refused."""

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError

from portal.core.problems import DomainError


class RefusingForm(forms.Form):
    """Says what the verb refused beside what was typed."""

    def refuse(self, refusal: ValidationError | DomainError) -> None:
        """Each sentence at the field that it names, or above all where there is none of it."""
        for name, words in _said(refusal).items():
            self.add_error(name if name in self.fields else None, words)


def _said(refusal: ValidationError | DomainError) -> dict:
    if isinstance(refusal, DomainError):
        return {str(refusal.extra.get("pointer", "")).strip("/"): refusal.detail}
    return getattr(refusal, "message_dict", {NON_FIELD_ERRORS: refusal.messages})
