"""Rows named by their slug in what programs send."""

from rest_framework import serializers

from .filters import stranger


class KnownSlugField(serializers.SlugRelatedField):
    """A row by its slug. PostgreSQL cannot look for NUL, so nothing has such a slug."""

    default_error_messages = {"does_not_exist": "{said}"}

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
