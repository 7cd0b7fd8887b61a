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


class TokenSerializer(Row):
    name = member(serializers.CharField(help_text="What uses it."), "name")
    scopes = member(serializers.ListField(child=serializers.CharField()), "scopes")
    created_at = member(serializers.DateTimeField(), "created_at")
    expires_at = member(serializers.DateTimeField(), "expires_at")
