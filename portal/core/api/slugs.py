"""Rows named by their slug in what programs send."""

from rest_framework import serializers
from rest_framework.relations import MANY_RELATION_KWARGS

from .filters import stranger


class KnownSlugsField(serializers.ManyRelatedField):
    """Several of them; what is wrong with one is said of its place."""

    def to_internal_value(self, data):
        if not isinstance(data, list):
            self.fail("not_a_list", input_type=type(data).__name__)
        found, wrong = [], {}
        for number, each in enumerate(data):
            try:
                found.append(self.child_relation.to_internal_value(each))
            except serializers.ValidationError as error:
                wrong[number] = error.detail
        if wrong:
            raise serializers.ValidationError(wrong)
        return found


class KnownSlugField(serializers.SlugRelatedField):
    """A row by its slug. PostgreSQL cannot look for NUL, so nothing has such a slug."""

    default_error_messages = {"does_not_exist": "{said}"}

    @classmethod
    def many_init(cls, *args, **kwargs):
        about = {name: kwargs[name] for name in kwargs if name in MANY_RELATION_KWARGS}
        return KnownSlugsField(child_relation=cls(*args, **kwargs), **about)

    def to_internal_value(self, data):
        if "\x00" in str(data):
            self.fail("does_not_exist", value="NUL")
        return super().to_internal_value(data)

    def fail(self, key, **about):
        if key == "does_not_exist":
            # user names are not for everybody to guess: no near ones
            rows = self.get_queryset()
            rows = rows.none() if self.slug_field == "username" else rows
            about = {"said": stranger(str(about["value"]), rows, self.slug_field)}
        super().fail(key, **about)
