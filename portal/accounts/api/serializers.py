"""What the API says of people and teams."""

from rest_framework import serializers

from portal.core.api.rows import Row, member


class TeamSerializer(Row):
    slug = member(serializers.SlugField(), "slug")
    name = member(serializers.CharField(), "name")
    email = member(
        serializers.CharField(allow_blank=True, help_text="Where the whole team is reached."),
        "email",
    )
