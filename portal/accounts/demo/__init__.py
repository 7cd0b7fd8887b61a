"""Five people, one a role, in two teams."""

from django.conf import settings
from django.contrib.auth.hashers import make_password

from portal.accounts.models import Team, User
from portal.accounts.roles import ROLES
from portal.core.ops.demo import World
from portal.core.problems import Refused

PEOPLE = {
    "nina": "Nina Holm",
    "rita": "Rita Sandoval",
    "alice": "Alice Moreau",
    "paul": "Paul Okafor",
    "olga": "Olga Lindqvist",
}
TEAMS = {
    "platform": ("Platform", ["alice", "paul", "olga"]),
    "shop": ("Shop", ["nina", "rita", "alice"]),
}


def load(world: World) -> None:
    """Raises Refused where real people are: they would get a password that everybody knows."""
    known = User.objects.filter(username__in=PEOPLE).count()
    if User.objects.exists() and known < len(PEOPLE):
        raise Refused(f"{settings.DATA_DIR} holds a portal of real people. Choose another folder.")
    world.is_new = not Team.objects.exists()
    world.people = make_people(world.password)
    if world.is_new:
        world.teams = make_teams(world.people)
    world.said += sign_in(world)


def make_people(password: str) -> dict[str, User]:
    """The five, one a role, all with this password."""
    hashed, people = make_password(password), {}
    for role, (username, name) in zip(ROLES, PEOPLE.items(), strict=True):
        person, _ = User.objects.get_or_create(username=username)
        person.name, person.email = name, f"{username}@example.org"
        person.is_active = True
        person.password = hashed
        person.save()
        person.take_role(role)
        people[username] = person
    return people


def make_teams(people) -> dict[str, Team]:
    teams = {}
    for slug, (name, members) in TEAMS.items():
        teams[slug] = Team.objects.create(slug=slug, name=name, email=f"{slug}@example.org")
        teams[slug].members.set(people[member] for member in members)
    return teams


def sign_in(world: World) -> list[str]:
    """Who may sign in, and how."""
    lines = [
        f"  {username:13}{person.name:16}{role}"
        for role, (username, person) in zip(ROLES, world.people.items(), strict=True)
    ]
    head = f"\n  {'signs in as':13}{'name':16}role"
    return [head, *lines, f"\n  password of all five: {world.password}\n"]
