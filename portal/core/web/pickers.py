"""Rows that are chosen by what people call them, from a list that is searched while one types."""

from collections import Counter
from collections.abc import Callable, Iterable
from difflib import get_close_matches
from unicodedata import normalize

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.html import format_html, format_html_join

MOST_OFFERED = 300
MOST_CHOSEN = 100
NEAREST = 3
EMPTY = 3  # fields for one more; pickers.js adds others
LONGEST = 300  # letters of a name with its key


class Picker(forms.TextInput):
    """A text field with a list to choose from, which browsers search while one types."""

    def __init__(self, offered: Callable[[], Iterable[str]], attrs=None):
        super().__init__({"autocomplete": "off", **(attrs or {})})
        self.offered = offered

    def render(self, name, value, attrs=None, renderer=None):
        found = f"{(attrs or {}).get('id', name)}-offered"
        fields = self.fields(name, value, {**(attrs or {}), "list": found}, renderer)
        options = format_html_join(
            "", '<option value="{}"></option>', ((o,) for o in self.offered())
        )
        return format_html('{}<datalist id="{}">{}</datalist>', fields, found, options)

    def fields(self, name, value, attrs, renderer):
        return super().render(name, value, attrs, renderer)


class Pickers(Picker):
    """One such field for each that is chosen, and some for more."""

    use_fieldset = True
    noun = ""

    def value_from_datadict(self, data, files, name):
        return data.getlist(name) if hasattr(data, "getlist") else data.get(name)

    def id_for_label(self, id_):
        return ""  # each has a name of its own

    def fields(self, name, value, attrs, renderer):
        one = super().fields
        chosen = [*(value or [])]
        texts = enumerate([*chosen, *[""] * EMPTY], 1)
        is_wrong = {1} if not any(chosen) else set()  # that nothing is chosen, if that is an error
        rows = (
            (one(name, text, self._own(attrs, n, text or n in is_wrong), renderer),)
            for n, text in texts
        )
        return format_html('<div class="pickers">{}</div>', format_html_join("", "{}", rows))

    def _own(self, attrs: dict, number: int, may_be_wrong: object) -> dict:
        own = {**attrs, "aria-label": f"{self.noun.capitalize()} {number}"}
        own |= {} if may_be_wrong else {"aria-invalid": False}  # nothing in it is wrong
        return {**own, "id": f"{attrs.get('id', self.noun)}_{number}"}

    def format_value(self, value):
        return value


class RowField(forms.CharField):
    """Takes the name of one of `rows()` and gives the row.

    Rows of one name are told apart by their keys, as the list offers them: “Shop (shop-eu)”.
    A key alone is taken, too.
    """

    widget = Picker
    nobody, several = "No {noun}", "{noun}s"
    hint = "Pick a name from the list."  # for a name that is like none

    def __init__(self, rows: Callable[[], QuerySet], *, noun: str, key: str = "slug", **kwargs):
        self.rows, self.noun, self.key = rows, noun, key
        super().__init__(widget=self.widget(self.offered), **{"max_length": LONGEST, **kwargs})

    def offered(self) -> list[str]:
        return list(self._labels(self.rows().order_by("name", self.key)[:MOST_OFFERED]))

    def prepare_value(self, value):
        return value if not value or isinstance(value, str) else self._shown([value])[0]

    def clean(self, value):
        text = super().clean(value)
        return self._meant(text, self._known()) if text else None

    def _known(self) -> dict:
        return self._labels(self.rows().order_by(self.key))

    def _shown(self, chosen: Iterable) -> list[str]:
        """Rows, or their primary keys, as the list names them; what was typed stays."""
        labels = {row.pk: label for label, row in self._known().items()}
        keys = (getattr(each, "pk", each) for each in chosen)
        return [labels.get(key, key if isinstance(key, str) else "") for key in keys]

    def _labels(self, rows: Iterable) -> dict:
        """Each row by its name, with its key where several have the name."""
        found = [(row, str(row)) for row in rows]
        names = Counter(_letters(name) for _, name in found)
        return {
            f"{name} ({getattr(row, self.key)})" if names[_letters(name)] > 1 else name: row
            for row, name in found
        }

    def _meant(self, text: str, labels: dict):
        wanted = _letters(text)
        for found in (
            [row for label, row in labels.items() if _letters(label) == wanted],
            [row for row in labels.values() if _letters(str(row)) == wanted],
            [row for row in labels.values() if getattr(row, self.key) == text],
        ):
            if len(found) == 1:
                return found[0]
            if found:
                raise ValidationError(self._which(text, found))
        raise ValidationError(self._unknown(text, list(labels)))

    def _which(self, text: str, rows: list) -> str:
        labels, several = list(self._labels(rows))[:NEAREST], self.several.format(noun=self.noun)
        return f"{len(rows)} {several} are called “{text}”. Choose {' or '.join(labels)}."

    def _unknown(self, text: str, labels: list[str]) -> str:
        nobody = self.nobody.format(noun=self.noun)
        near = [label for label in labels if _letters(text) in _letters(label)]
        near = near or get_close_matches(text, labels, n=NEAREST)
        if not near:
            return f"{nobody} called “{text}” can be chosen here. {self.hint}"
        return f"{nobody} is called “{text}”. Did you mean {' or '.join(near[:NEAREST])}?"


class RowsField(RowField):
    """Takes the names of several, each in a field of its own, and gives their rows."""

    widget = Pickers

    def __init__(self, rows: Callable[[], QuerySet], **kwargs):
        super().__init__(rows, **kwargs)
        self.widget.noun = self.noun

    def prepare_value(self, value):
        typed = all(isinstance(each, str) for each in value or [])
        return [each for each in value or [] if each] if typed else self._shown(value)

    def clean(self, value) -> list:
        texts = list(filter(None, map(self._text, value or [])))
        self.validate(texts[0] if texts else "")
        if len(texts) > MOST_CHOSEN:
            raise ValidationError(f"Choose at most {MOST_CHOSEN} {self.noun}s.")
        known = self._known() if texts else {}
        return list(dict.fromkeys(self._meant(text, known) for text in texts))

    def _text(self, value) -> str:
        text = self.to_python(value) or ""
        self.run_validators(text)
        return text


def _letters(text: str) -> str:
    return " ".join(normalize("NFKC", text).casefold().split())
