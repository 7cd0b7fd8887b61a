"""What the API says of people and teams."""

from django.db.models import F
from rest_framework import serializers

from portal.accounts.models import Team, User
from portal.accounts.roles import highest
from portal.core.api.rows import Row, member
from portal.core.data.queries import SEPARATOR, joined

from .people import NAMES, shown_name


def _highest(names: str) -> str:
    return highest(names.split(SEPARATOR))


def _sorted(slugs: str) -> list[str]:
    return sorted(slugs.split())


class TeamSerializer(Row):
    slug = member(serializers.SlugField(), "slug")
    name = member(serializers.CharField(), "name")
    email = member(
        serializers.CharField(allow_blank=True, help_text="Where the whole team is reached."),
        "email",
    )


class PersonSerializer(Row):
    """Without an e-mail address: whoever has to name a person needs none."""

    user = member(serializers.CharField(help_text="User name."), "username")
    user_name = member(
        serializers.CharField(help_text="As colleagues know them."), *NAMES, made=shown_name
    )
    role = member(
        serializers.CharField(allow_blank=True, help_text="The highest; empty: none."),
        "role_names",
        made=_highest,
    )
    teams = member(
        serializers.ListField(child=serializers.CharField(), help_text="Slugs."),
        "team_slugs",
        made=_sorted,
    )

    @classmethod
    def annotated(cls, rows):
        roles, teams = User.groups.through.objects, Team.members.through.objects
        return rows.annotate(
            role_names=joined(roles.all(), F("group__name"), owner="user"),
            team_slugs=joined(teams.all(), F("team__slug"), owner="user"),
        )


class TokenSerializer(Row):
    name = member(serializers.CharField(help_text="What uses it."), "name")
    scopes = member(serializers.ListField(child=serializers.CharField()), "scopes")
    created_at = member(serializers.DateTimeField(), "created_at")
    expires_at = member(serializers.DateTimeField(), "expires_at")
