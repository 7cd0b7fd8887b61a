"""A small world to look around in: people, teams, services, and runbooks in every state."""

from datetime import timedelta

from portal.accounts.models import Team, User
from portal.accounts.roles import ROLES
from portal.architecture.demo import fill_catalog
from portal.architecture.models import Service
from runbooks.models import Gap, Runbook

from .runs import make_runs
from .stories import Story

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
SERVICES = {
    "ops-portal": ("Ops Portal", "platform", 2, "This portal: what the starter library is about."),
    "checkout": ("Checkout", "shop", 1, "Takes orders and payments."),
    "orders-database": ("Orders database", "platform", 1, "PostgreSQL, one primary, two standbys."),
    "message-queue": ("Message queue", "platform", 2, "Carries orders to the warehouse."),
    "product-search": ("Product search", "shop", 3, "Finds products by words and filters."),
}
GAPS = {"CheckoutLatencyHigh": 7, "SearchIndexOutdated": 3, "NodeClockSkew": 1}


def make_people(password: str) -> dict[str, User]:
    """The five, one a role, all with this password."""
    people = {}
    for role, (username, name) in zip(ROLES, PEOPLE.items(), strict=True):
        person, _ = User.objects.get_or_create(username=username)
        person.name, person.email = name, f"{username}@example.org"
        person.is_active = True
        person.set_password(password)
        person.save()
        person.take_role(role)
        people[username] = person
    return people


def tell_stories(people: dict[str, User], *, now) -> None:
    """Make everything but the people, once: what visitors changed meanwhile stays."""
    if Team.objects.exists():
        return
    teams = make_teams(people)
    services = make_services(teams)
    fill_catalog(services)
    Story(people, teams, services, now).tell()
    make_runs(people, services, now=now)
    for name, count in GAPS.items():
        for number in range(count):
            Gap.objects.note(name, at=now - timedelta(hours=9 * (count - number)))


def make_teams(people) -> dict[str, Team]:
    teams = {}
    for slug, (name, members) in TEAMS.items():
        teams[slug] = Team.objects.create(slug=slug, name=name, email=f"{slug}@example.org")
        teams[slug].members.set(people[member] for member in members)
    return teams


def make_services(teams) -> dict[str, Service]:
    return {
        slug: Service.objects.create(
            slug=slug, name=name, owner=teams[owner], tier=tier, description=description
        )
        for slug, (name, owner, tier, description) in SERVICES.items()
    }


def own_library() -> None:
    """The platform team looks after the portal itself and all that is about it."""
    platform = Team.objects.get(slug="platform")
    Service.objects.filter(owner=None).update(owner=platform)
    for runbook in Runbook.objects.unowned().filter(services__slug="ops-portal"):
        runbook.describe(owner=platform)
