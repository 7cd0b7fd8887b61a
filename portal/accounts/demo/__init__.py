"""The people of an online shop, in five teams. Five of them sign in, one a role."""

from django.conf import settings
from django.contrib.auth.hashers import make_password

from portal.accounts.models import Team, User
from portal.accounts.roles import AUTHOR, RESPONDER, ROLES
from portal.core.ops.demo import World
from portal.core.problems import Refused

DOING = "people and teams"
PEOPLE = {
    "nina": ("Nina Holm", "reads, rates what she read, and follows her first guide"),
    "rita": ("Rita Sandoval", "follows runbooks: a deployment of checkout is under way"),
    "alice": ("Alice Moreau", "writes runbooks and guides: has drafts to finish"),
    "paul": ("Paul Okafor", "approves and publishes: reviews wait for him"),
    "olga": ("Olga Lindqvist", "does all of that, and looks after people and services"),
}
COLLEAGUES = {  # they have no password
    "amara": ("Amara Diallo", AUTHOR),
    "ingrid": ("Ingrid Solheim", RESPONDER),
    "kenji": ("Kenji Morita", RESPONDER),
    "leila": ("Leila Haddad", AUTHOR),
    "mateo": ("Mateo Quiroga", RESPONDER),
    "priya": ("Priya Raghavan", AUTHOR),
    "tomasz": ("Tomasz Wieczorek", RESPONDER),
}
TEAMS = {
    "platform": ("Platform", ["alice", "paul", "olga", "ingrid", "tomasz"]),
    "storefront": ("Storefront", ["nina", "alice", "priya"]),
    "payments": ("Payments", ["rita", "amara", "kenji"]),
    "data": ("Data", ["paul", "leila"]),
    "fulfilment": ("Fulfilment", ["rita", "mateo"]),
}


def load(world: World) -> None:
    """Raises Refused where real people are: they would get a password that everybody knows."""
    known = User.objects.filter(username__in=PEOPLE).count()
    if User.objects.exists() and known < len(PEOPLE):
        raise Refused(f"{settings.DATA_DIR} holds a portal of real people. Choose another folder.")
    world.is_new = not Team.objects.exists()
    world.people = make_people(world.password)
    if world.is_new:
        world.people |= make_colleagues()
        world.teams = make_teams(world.people)
        world.report(f"{len(world.people)} people in {len(world.teams)} teams")
    else:
        world.report("the demo was loaded before: what you changed stays")
    world.said += sign_in(world)


def make_people(password: str) -> dict[str, User]:
    """The five who sign in, one a role, all with this password."""
    hashed, people = make_password(password), {}
    for role, (username, (name, _)) in zip(ROLES, PEOPLE.items(), strict=True):
        person, _ = User.objects.get_or_create(username=username)
        person.name, person.email = name, f"{username}@example.org"
        person.is_active = True
        person.password = hashed
        person.save()
        person.take_role(role)
        people[username] = person
    return people


def make_colleagues() -> dict[str, User]:
    """Those whose names stand on pages; nobody signs in as them."""
    people, no_password = {}, make_password(None)
    for username, (name, role) in COLLEAGUES.items():
        email = f"{username}@example.org"
        person = User.objects.create(
            username=username, name=name, email=email, password=no_password
        )
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
    """Who may sign in, how, and what each is there for."""
    rows = zip(ROLES, PEOPLE.items(), strict=True)
    lines = [f"  {username:11}{name:17}{role:12}{what}" for role, (username, (name, what)) in rows]
    head = f"  {'sign in as':11}{'name':17}{'role':12}what this person does"
    return ["", head, *lines, "", f"  password of all five: {world.password}", ""]
