"""Rows that are chosen by their keys: what cannot be a key chooses none."""

from django.contrib.admin.widgets import AutocompleteSelect, AutocompleteSelectMultiple
from django.core.exceptions import ValidationError
from django.forms import ModelMultipleChoiceField

LONG = 50  # rows: a longer choice is searched instead of read
LARGEST_KEY = 2**63 - 1  # what SQLite and PostgreSQL keep


def is_key(value) -> bool:
    """Whether a text or number can be the key of a row."""
    text = str(value)
    return text.isascii() and text.isdecimal() and len(text) < 20 and int(text) <= LARGEST_KEY


class KeysField(ModelMultipleChoiceField):
    """Refuses numbers that no key has; stock Django sends them to the database."""

    def _check_values(self, value):
        for each in value:
            self.validate_no_null_characters(each)
            if not is_key(getattr(each, "pk", each)):
                wrong = self.error_messages["invalid_pk_value"]
                raise ValidationError(wrong, code="invalid_pk_value", params={"pk": each})
        return super()._check_values(value)


class _KeysOnly:
    """For widgets of the admin: what is no key is not looked for."""

    def optgroups(self, name, value, attr=None):
        return super().optgroups(name, [each for each in value if is_key(each)], attr)


class KeySelect(_KeysOnly, AutocompleteSelect):
    pass


class KeysSelect(_KeysOnly, AutocompleteSelectMultiple):
    pass


class Keyed:
    """For classes of the admin whose forms choose rows of other models."""

    long_choices: tuple[str, ...] = ()  # fields that are searched once there are many rows

    def get_autocomplete_fields(self, request):
        many = (name for name in self.long_choices if self._is_long(request, name))
        return (*super().get_autocomplete_fields(request), *many)

    def _is_long(self, request, name):
        """Asked once for a page."""
        known = request.__dict__.setdefault("long_choices", {})
        model = self.model._meta.get_field(name).related_model
        if model not in known:
            known[model] = model.objects.all()[LONG : LONG + 1].exists()
        return known[model]

    def formfield_for_foreignkey(self, db_field, request, **more):
        if db_field.name in self.get_autocomplete_fields(request):
            more.setdefault("widget", KeySelect(db_field, self.admin_site))
        return super().formfield_for_foreignkey(db_field, request, **more)

    def formfield_for_manytomany(self, db_field, request, **more):
        if db_field.name in self.get_autocomplete_fields(request):
            more["widget"] = KeysSelect(db_field, self.admin_site)
        more.setdefault("form_class", KeysField)
        return super().formfield_for_manytomany(db_field, request, **more)
