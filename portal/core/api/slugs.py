"""Rows named by their slug in what programs send."""

from itertools import islice
from typing import Any

from rest_framework import relations, serializers

from .filters import stranger

MOST_SLUGS = 200  # in one list
MOST_REFUSED = 5  # that are told: each looks for what is near


class KnownSlugsField(serializers.ManyRelatedField):
    """At most so many rows, found in one query; what is wrong with one is said of its place."""

    default_error_messages = {"too_many": "At most {most} are taken at once."}

    def to_internal_value(self, data):
        if not isinstance(data, list):
            self.fail("not_a_list", input_type=type(data).__name__)
        if not data and not self.allow_empty:
            self.fail("empty")
        if len(data) > MOST_SLUGS:
            self.fail("too_many", most=MOST_SLUGS)
        return self.child_relation.all_of(data)


class KnownSlugField(serializers.SlugRelatedField):
    """A row by its slug. PostgreSQL cannot look for NUL, so nothing has such a slug."""

    default_error_messages = {"does_not_exist": "{said}"}

    def to_internal_value(self, data):
        if "\x00" in str(data):
            self.fail("does_not_exist", value="NUL")
        return super().to_internal_value(data)

    @classmethod
    def many_init(cls, *arguments, **named):
        """With `many=True`: a list of them."""
        about = {key: named[key] for key in named if key in relations.MANY_RELATION_KWARGS}
        return KnownSlugsField(child_relation=cls(*arguments, **named), **about)

    def all_of(self, slugs: list) -> list:
        """Their rows, each once, in this order."""
        texts = [each for each in slugs if isinstance(each, str) and "\x00" not in each]
        rows = self.get_queryset().filter(**{f"{self.slug_field}__in": texts})
        found = {getattr(row, self.slug_field): row for row in rows}
        unknown = (
            number
            for number, each in enumerate(slugs)
            if not isinstance(each, str) or each not in found
        )
        told: Any = {n: [self.said_of(slugs[n])] for n in islice(unknown, MOST_REFUSED)}
        if told:
            raise serializers.ValidationError(told)
        return [found[each] for each in dict.fromkeys(slugs)]

    def said_of(self, slug) -> str:
        """What is said of one that does not exist."""
        rows: Any = self.get_queryset()
        if self.slug_field == "username":
            rows = rows.none()  # they are not for everybody to guess: no near ones
        return stranger(str(slug), rows, self.slug_field)

    def fail(self, key, **about):
        if key == "does_not_exist":
            about = {"said": self.said_of(about["value"])}
        super().fail(key, **about)
