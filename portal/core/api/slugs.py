"""Rows named by their slug in what programs send."""

from rest_framework import serializers


class KnownSlugField(serializers.SlugRelatedField):
    """A row by its slug. PostgreSQL cannot look for NUL, so nothing has such a slug."""

    def to_internal_value(self, data):
        if "\x00" in str(data):
            self.fail("does_not_exist", slug_name=self.slug_field, value="NUL")
        return super().to_internal_value(data)
