"""A person, asked for by the name that colleagues know."""

from collections import Counter
from collections.abc import Callable, Iterable
from difflib import get_close_matches
from unicodedata import normalize

from django import forms
from django.db.models import QuerySet
from django.utils.html import format_html, format_html_join

from portal.accounts.models import User
from portal.core.data.columns import longest

MOST_OFFERED = 300
NEAREST = 3
LONGEST = longest(User, "name") + longest(User, "username") + len(" ()")


class Picker(forms.TextInput):
    """A text field with a list to choose from, which browsers search while one types."""

    def __init__(self, offered: Callable[[], Iterable[str]], attrs=None):
        super().__init__({"autocomplete": "off", **(attrs or {})})
        self.offered = offered

    def render(self, name, value, attrs=None, renderer=None):
        found = f"{(attrs or {}).get('id', name)}-offered"
        field = super().render(name, value, {**(attrs or {}), "list": found}, renderer)
        options = format_html_join(
            "", '<option value="{}"></option>', ((o,) for o in self.offered())
        )
        return format_html('{}<datalist id="{}">{}</datalist>', field, found, options)


class PersonField(forms.CharField):
    """Takes the name of one of `people()` and gives the person.

    People of one name are told apart by their user names, as the list offers them:
    “Ann Lee (ann2)”. A user name alone is taken, too.
    """

    def __init__(self, people: Callable[[], QuerySet], **kwargs):
        self.people = people
        super().__init__(max_length=LONGEST, widget=Picker(self.offered), **kwargs)

    def offered(self) -> list[str]:
        return list(_labels(self.people().order_by("name", "username")[:MOST_OFFERED]))

    def clean(self, value) -> User | None:
        text = super().clean(value)
        return self._meant(text) if text else None

    def _meant(self, text: str) -> User:
        labels, wanted = _labels(self.people().order_by("username")), _letters(text)
        for found in (
            [user for label, user in labels.items() if _letters(label) == wanted],
            [user for user in labels.values() if _letters(user.display_name) == wanted],
            [user for user in labels.values() if user.username == text],
        ):
            if len(found) == 1:
                return found[0]
            if found:
                raise forms.ValidationError(_which(text, found))
        raise forms.ValidationError(_nobody(text, list(labels)))


def _labels(people: Iterable[User]) -> dict[str, User]:
    """Each person by their name, with the user name where several have it."""
    found = [(user, user.display_name) for user in people]
    names = Counter(_letters(name) for _, name in found)
    return {
        f"{name} ({user.username})" if names[_letters(name)] > 1 else name: user
        for user, name in found
    }


def _letters(text: str) -> str:
    return " ".join(normalize("NFKC", text).casefold().split())


def _which(text: str, people: list[User]) -> str:
    labels = list(_labels(people))[:NEAREST]
    return f"{len(people)} people are called “{text}”. Choose {' or '.join(labels)}."


def _nobody(text: str, labels: list[str]) -> str:
    near = [label for label in labels if _letters(text) in _letters(label)]
    near = near or get_close_matches(text, labels, n=NEAREST)
    if not near:
        return f"Nobody called “{text}” can be chosen here. Check the name."
    return f"Nobody is called “{text}”. Did you mean {' or '.join(near[:NEAREST])}?"
