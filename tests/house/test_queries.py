"""A page asks the database as often for 200 rows as for 10, and never more than it is allowed."""

from datetime import timedelta

import pytest
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from incidents.room import alarms
from onboarding.models import Guide, Progress, Question, Step
from portal.accounts.models import Team, Token, User
from portal.architecture.models import (
    ConfigurationItem,
    Dependency,
    Integration,
    Service,
    Zone,
)
from portal.notifications.models import Channel, ContactMethod, Delivery
from runbooks.models import (
    AlertName,
    Entry,
    Feedback,
    Gap,
    Image,
    Link,
    Run,
    Runbook,
    RunStep,
    Version,
    WorkingCopy,
)
from tests.incidents.api_world import make_incidents
from tests.incidents.oncall.world import grow_rotations, make_on_call
from tests.incidents.world import grow_incidents, grow_policies
from tests.monitoring.heartbeats.world import grow_heartbeats, make_heartbeats
from tests.monitoring.world import grow_alerts, grow_mutings, make_alerts, make_mutings
from tests.onboarding.growing import grow_guides
from tests.onboarding.world import make_guide, make_questions

from .test_access import SAMPLES, addresses, filled

FEW, MANY = 10, 200  # more than any page of a list holds
PAGES = 396  # that answer 200 to an operator; one that vanishes is missed
CAPS = {
    "home": 30,  # six, and one or few more for each card that has rows
    "runbooks:run": 15,
    "runbooks:runs": 5,
    "runbooks:deployments": 5,
    "architecture:diagram": 8,
    "notifications:deliveries": 6,  # one of them asks PostgreSQL for its clock
    "runbooks:list": 4,
    "runbooks:detail": 5,  # one of them is for the star
    "runbooks:history": 4,
    "search": 10,
    "api:runbooks": 3,
    "api:runbook": 3,
    "api:search": 8,
    "api:deliveries": 3,
    "monitoring:alerts": 15,  # one of them, here and below, asks PostgreSQL for the time
    "monitoring:alert-history": 10,
    "incidents:incidents": 16,
    "incidents:incident": 36,
    "api:alerts": 4,
    "monitoring:heartbeats": 9,
    "api:heartbeats": 4,
}
# They do not read, or end elsewhere.
NOT_PAGES = {"openid_connect_callback", "openid_connect_login", "account_logout"}


def grow(disk, alice, paul, count: int) -> None:
    """So many more rows of everything, around the runbook that the pages show."""
    first = Runbook.objects.count()
    now, names = timezone.now(), range(first, first + count)
    teams = Team.objects.bulk_create(Team(slug=f"t{n}", name=f"Team {n}") for n in names)
    teams[0].members.add(alice, paul)
    services = Service.objects.bulk_create(
        Service(slug=f"s{n}", name=f"Service {n}", owner=teams[n % 5], tier=1) for n in names
    )
    rows = grow_runbooks(teams[0], alice, paul, names)
    Runbook.services.through.objects.bulk_create(
        Runbook.services.through(runbook=row, service=service)
        for row, service in zip([*rows, *[disk] * count], [*services, *services], strict=True)
    )
    grow_disk(disk, alice, rows, count)
    Gap.objects.bulk_create(Gap(name=f"Gap{n}", first_at=now, last_at=now) for n in names)
    WorkingCopy.objects.bulk_create(
        WorkingCopy(user=person, runbook=row, text="x") for row in rows for person in (alice, paul)
    )
    Image.objects.bulk_create(
        Image(name=f"{n}.png", runbook=disk, width=1, height=1, sha256=str(n), uploaded_by=alice)
        for n in names
    )
    people = grow_people(paul, names)
    grow_runs(disk, alice, rows, services)
    grow_writing(teams)
    grow_alerts(count)
    grow_heartbeats(count)
    grow_mutings(count)
    grow_rotations(count, [alice, paul])
    grow_policies(count, alice)
    grow_incidents(alice, count)
    Feedback.objects.bulk_create(
        Feedback(runbook=disk, version=disk.published, user=person, helpful=False)
        for person in people
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # rows of an open transaction: nobody else tells the planner


def grow_runbooks(team, alice, paul, names) -> list[Runbook]:
    """So many published runbooks, each with a draft or a version in review."""
    now = timezone.now()
    rows = Runbook.objects.bulk_create(
        Runbook(
            slug=f"r{n}",
            title=f"Disk {n}",
            owner=team,
            source_path=f"r{n}.md",
            head=2,
            review_due=(now - timedelta(days=1)).date(),
            changed_at=now,
        )
        for n in names
    )
    published = Version.objects.bulk_create(
        Version(runbook=row, number=1, text="x", hash="x", author=alice, state="published")
        for row in rows
    )
    for row, version in zip(rows, published, strict=True):
        row.published = version
    Runbook.objects.bulk_update(rows, ["published"], batch_size=200)
    states = ("draft", "in_review")
    Version.objects.bulk_create(
        Version(
            runbook=row,
            number=2,
            based_on=1,
            text="x",
            hash="x",
            author=alice,
            state=states[place % 2],
            submitted_at=now,
            reviewer=paul if place % 4 == 1 else None,
        )
        for place, row in enumerate(rows)
    )
    return rows


def grow_people(paul, names) -> list[User]:
    """So many people, tokens of one, and mails to another."""
    now = timezone.now()
    people = User.objects.bulk_create(User(username=f"u{n}", name=f"User {n}") for n in names)
    Token.objects.bulk_create(
        Token(
            user=paul,
            name=f"n{n}",
            scopes=["read"],
            digest=f"d{n}",
            expires_at=now + timedelta(days=1),
        )
        for n in names
    )
    Delivery.objects.bulk_create(
        Delivery(key=f"d{n}", to="o@example.org", recipient=olga, subject="Look", text="x")
        for olga in User.objects.filter(username="olga")
        for n in names
    )
    mail = {"kind": "mail", "address": "o@example.org"}
    way = {
        "person": User.objects.get(username="olga"),
        "position": 1,
        "shown": "o@example.org",
        **mail,
    }
    ContactMethod.objects.bulk_create(ContactMethod(**way) for _ in names)
    Channel.objects.bulk_create(Channel(slug=f"c{n}", name=f"C {n}", **mail) for n in names)
    return people


def grow_writing(teams) -> None:
    """So many guides, steps of the first one, and questions."""
    made = [Guide(slug=f"w{team.pk}", title=team.name, owner=teams[0]) for team in teams]
    guides = Guide.objects.bulk_create(made)
    first = Guide.objects.order_by("pk").first()
    Step.objects.bulk_create(
        Step(guide=guide, title="Step", text="x") for guide in (*guides, *[first] * len(teams))
    )
    Question.objects.bulk_create(
        Question(slug=f"wq{team.pk}", topic="x", question="x", answer="x") for team in teams
    )


def grow_runs(disk, alice, rows, services) -> None:
    """So many more runs, steps, entries, and all that the catalog holds."""
    now, disks = timezone.now(), Service.objects.get(slug=SAMPLES["slug"])
    runs = Run.objects.bulk_create(
        Run(
            runbook=runbook,
            version=disk.published,
            kind="deployment",
            service=disks,
            holder=alice,
            started_at=now,
        )
        for row in rows
        for runbook in (disk, row)
    )
    steps = RunStep.objects.bulk_create(
        RunStep(run=run, number=1, title="Look", state="waiting") for run in runs
    )
    Entry.objects.bulk_create(
        Entry(run=runs[0], step=steps[0], kind="note", text=str(n)) for n in range(len(rows))
    )
    zones = Zone.objects.bulk_create(Zone(slug=f"z{row.pk}", name=f"Z{row.pk}") for row in rows)
    outside = Integration.objects.bulk_create(
        Integration(slug=f"x{row.pk}", name=f"X{row.pk}") for row in rows
    )
    for service, zone in zip(services, zones, strict=True):
        service.zone, service.part_of = zone, services[0] if service != services[0] else None
    Service.objects.bulk_update(services, ["zone", "part_of"], batch_size=200)
    Dependency.objects.bulk_create(
        Dependency(source=service, target=target)
        for service in services[1:]
        for target in (services[0], disks)
    )
    Dependency.objects.bulk_create(
        Dependency(source=source, integration=each)
        for each in outside
        for source in (services[0], disks)
    )
    ConfigurationItem.objects.bulk_create(
        ConfigurationItem(service=disks, name=f"{services[0].slug}{n}", rotation_days=1)
        for n in range(len(rows))
    )


def grow_disk(disk, alice, rows, count: int) -> None:
    """So many versions, alerts and links of one runbook."""
    head = disk.head
    disk.versions.filter(number=head, state="draft").update(state="superseded")
    Version.objects.bulk_create(
        Version(
            runbook=disk,
            number=number,
            based_on=number - 1,
            text="x",
            hash="x",
            author=alice,
            state="superseded",
        )
        for number in range(head + 1, head + count + 1)
    )
    disk.head = head + count
    disk.save(update_fields=["head"])
    AlertName.objects.bulk_create(AlertName(name=f"A{row.pk}", runbook=disk) for row in rows)
    links = [(disk, row) for row in rows] + [(row, disk) for row in rows]
    Link.objects.bulk_create(Link(source=a, target=b, address="x") for a, b in links)


def pages():
    """(name, address) of every page, API list and changelist that a GET opens."""
    found = {name: filled(name, path) for name, path in addresses() if name not in NOT_PAGES}
    for model in admin.site._registry:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"
        found[name] = reverse(name)
    found["runbooks list, all facets"] = "/runbooks/?section=runbooks&state=draft&stale=1&page=1"
    found["api:runbooks, stale"] = "/api/v1/runbooks/?stale=true&order=-changed&limit=200"
    found["search"] = "/search/?q=disk"
    found["api:search"] = "/api/v1/search/?q=disk"
    return found


def asked(client, path: str) -> tuple[int, int]:
    """The status of a visit, and how many queries it made."""
    with CaptureQueriesContext(connection) as queries:
        status = client.get(path).status_code
    return status, len(queries)


def counted(client, before: dict[str, int] | None = None) -> dict[str, int]:
    """The queries of each page's second visit: the first may fill caches.

    Where the first makes no more than `before` it is enough: the second never makes more.
    """
    found = {}
    for name, path in pages().items():
        status, count = asked(client, path)
        if status != 200:
            continue
        if before is None or count > before.get(name, 0):
            status, count = asked(client, path)
        found[name] = count
    return found


@pytest.mark.long
@pytest.mark.django_db
def test_no_page_asks_more_when_there_is_more(disk, alice, paul, olga, client_of, monkeypatch):
    monkeypatch.setattr(alarms, "REMEMBERED", 3600)  # a slow machine reads a page for longer
    disk.draft("Next", author=alice, based_on=1)
    Service.objects.create(slug=SAMPLES["slug"], name="Disks")
    Zone.objects.create(slug=SAMPLES["slug"], name="Disks")
    mail = {"kind": "mail", "address": "o@example.org"}
    Channel.objects.create(slug=SAMPLES["slug"], name="Disks", **mail)
    Integration.objects.create(slug=SAMPLES["slug"], name="Disks")
    guide = make_guide(alice, slug=SAMPLES["slug"])
    make_questions(guide, SAMPLES["slug"])
    Progress.objects.start(guide, by=olga)
    make_alerts()
    make_heartbeats()
    make_mutings(olga)
    make_on_call([alice, olga], by=olga, services=Service.objects.all()[:1])
    make_incidents(olga, alice)
    client = client_of(olga)
    grow(disk, alice, paul, FEW)
    grow_guides(guide, olga, FEW)
    few = counted(client)
    grow(disk, alice, paul, MANY)
    grow_guides(guide, olga, MANY)
    many = counted(client, few)

    more = {name: (few[name], many[name]) for name in many if many[name] > few[name]}
    above = {name: many[name] for name, cap in CAPS.items() if many[name] > cap}
    assert set(few) == set(many)
    assert len(few) == PAGES
    assert more == {}
    assert above == {}
