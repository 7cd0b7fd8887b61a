"""The team of a guide or a question in its file: its address, and what it is called."""

from django.db.models import Q

from portal.accounts.models import Team

from .blocks import one_line

NAME = "owner_name"


def said(team: Team | None) -> dict[str, str]:
    """The members that name the team."""
    return {"owner": team.slug, NAME: one_line(team.name)} if team else {}


def without_name(about: dict) -> dict:
    """What makes up a guide or question: what its team is called may change without it."""
    return {name: value for name, value in about.items() if name != NAME}


def team_of(about: dict, *, makes: bool = False) -> Team | None:
    """The team that is named, if there is one.

    With `makes` it is made where an export names it, which says both its address and its name.
    Raises ValidationError.
    """
    owner, name = str(about.get("owner") or ""), one_line(str(about.get(NAME) or ""))[:120]
    same = [Q(slug=owner), Q(name=owner), Q(name=name)] if owner else []
    found = next((team for each in same if (team := Team.objects.filter(each).first())), None)
    return found or (_made(owner, name) if makes and owner and name else None)


def _made(slug: str, name: str) -> Team:
    team = Team(slug=slug, name=name)
    team.full_clean()
    team.save()
    return team
