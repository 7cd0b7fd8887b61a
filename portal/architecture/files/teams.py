"""The teams that own something, as far as a portal needs them that has none of them yet."""

from portal.accounts.models import Team
from portal.architecture.models import Integration, Service

FOLDER = "teams"


def documents() -> dict[str, dict]:
    """The owners of services and integrations, by slug."""
    owned = {
        *Service.objects.exclude(owner=None).values_list("owner", flat=True),
        *Integration.objects.exclude(owner=None).values_list("owner", flat=True),
    }
    teams = Team.objects.filter(pk__in=owned).order_by("slug")
    return {team.slug: {"slug": team.slug, "name": team.name} for team in teams}


def make_missing(names: dict[str, str]) -> None:
    """Make the teams, {slug: name}, that are not there; those that are stay as they are."""
    for slug, name in names.items():
        if not Team.objects.filter(slug=slug).exists():
            is_free = name and not Team.objects.filter(name=name).exists()
            Team.objects.create(slug=slug, name=name if is_free else slug)
