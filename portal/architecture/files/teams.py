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


def owning(names: dict[str, str], documents: list[dict], warnings: list[str]) -> dict[str, str]:
    """Those of the teams, {slug: name}, that a document names as owner; others are told."""
    owners = {str(document.get("owner")) for document in documents}
    told = "passed over: it owns nothing here."
    warnings += [f"{FOLDER}/{slug}.yaml: {told}" for slug in names if slug not in owners]
    return {slug: name for slug, name in names.items() if slug in owners}


def make_missing(names: dict[str, str]) -> list[str]:
    """Make the teams, {slug: name}, that are not there; returns which, as an import says it."""
    made = []
    for slug, name in names.items():
        if not Team.objects.filter(slug=slug).exists():
            is_free = name and not Team.objects.filter(name=name).exists()
            Team.objects.create(slug=slug, name=name if is_free else slug)
            made.append(f"{FOLDER}/{slug}")
    return made
