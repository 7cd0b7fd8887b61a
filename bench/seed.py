"""The first thousand of everything, by the ORM; bench.multiply makes more of them."""

import hashlib
from datetime import timedelta
from http import HTTPStatus
from uuid import UUID

from django.core.management.color import no_style
from django.db import connection
from django.utils import timezone

from bench import webhooks
from bench.counts import HEARTBEATS
from bench.texts import own, text
from bench.words import FIRST, WORDS
from incidents.models import AffectedService, Incident
from incidents.models import Entry as TimelineEntry
from portal.accounts.models import Team, Token, User
from portal.architecture.models import Dependency, Service, Zone
from portal.core.markdown import render
from portal.monitoring.models import Alert, Heartbeat, Instance, Intake
from portal.monitoring.models.intakes import digest_of
from portal.search import index, registry
from portal.search.models import Entry
from runbooks.models import (
    AlertName,
    Kind,
    Run,
    Runbook,
    RunStep,
    Section,
    State,
    Version,
)

SEEDED = 1000
STEPS = 8
DAY = timedelta(days=1)
SERVICES = 150
WITH_RUNBOOKS = 5  # of the services: each page lists the most it does, whatever the size
HEARD_BEFORE = 100  # deliveries of each alert: about eight hours of repeats
PASSWORD = "bench bench bench"


def people() -> tuple[User, User, str]:
    """A reader, a keeper of guides who may see how far people are, and the reader's token."""
    reader = User.objects.create_user("bench", password=PASSWORD)
    reader.take_role("reader")
    keeper = User.objects.create_user("keeper", password=PASSWORD)
    keeper.take_role("approver")
    _, plain = Token.objects.issue(reader, "bench", ["read"], days=1)
    return reader, keeper, plain


def catalog(reader: User) -> None:
    """Services in one zone, each of which needs two others; the reader is in one of the teams."""
    teams = [Team.objects.create(slug=f"t{n}", name=f"Team {n}") for n in range(8)]
    teams[7].members.add(reader)
    zone = Zone.objects.create(slug="z0", name="Zone")
    rows = Service.objects.bulk_create(
        Service(slug=f"s{n}", name=f"Service {n}", owner=teams[n % 8], zone=zone)
        for n in range(SERVICES)
    )
    pairs = {(n, (n * 7 + step) % SERVICES) for n in range(SERVICES) for step in (3, 40)}
    Dependency.objects.bulk_create(
        Dependency(source=rows[a], target=rows[b], protocol="HTTPS", port=443)
        for a, b in pairs
        if a != b
    )
    index.put_many(registry.kind("service"), [service.pk for service in rows])


def runbooks(count: int) -> None:
    """Published runbooks with alerts, owners, services and what the search knows of them."""
    teams, services = list(Team.objects.order_by("pk")), list(Service.objects.order_by("pk"))
    numbers, rendered, now = range(1, count + 1), render(text()), timezone.now()
    made = Runbook.objects.bulk_create(_runbook(n, teams[n % 8], rendered, now) for n in numbers)
    Version.objects.bulk_create(_version(n, rendered, now) for n in numbers)
    for runbook in made:
        runbook.published_id = runbook.pk
    Runbook.objects.bulk_update(made, ["published"])
    AlertName.objects.bulk_create(AlertName(pk=n, name=f"Alert{n}", runbook_id=n) for n in numbers)
    through = Runbook.services.through
    through.objects.bulk_create(
        through(pk=n, runbook_id=n, service_id=services[n % WITH_RUNBOOKS].pk) for n in numbers
    )
    index.put_many(registry.kind("runbook"), [runbook.pk for runbook in made])


def runs(count: int, reader: User) -> None:
    """A run for each runbook, with all steps still to be ticked; the reader holds three."""
    services, now = list(Service.objects.order_by("pk")), timezone.now()
    numbers = range(1, count + 1)
    Run.objects.bulk_create(_run(n, services[n % SERVICES], reader, now) for n in numbers)
    RunStep.objects.bulk_create(
        RunStep(
            pk=(n - 1) * STEPS + number,
            run_id=n,
            number=number,
            title=f"Step {number}",
            opened_at=now,
        )
        for n in numbers
        for number in range(1, STEPS + 1)
    )


def heartbeats() -> None:
    """Each has reported before, as those that are called mostly have."""
    numbers, now = range(1, HEARTBEATS + 1), timezone.now()
    Heartbeat.objects.bulk_create(
        Heartbeat(pk=n, uuid=UUID(int=n), name=f"Job {n}", slug=f"job-{n}", every=DAY)
        for n in numbers
    )
    Instance.objects.bulk_create(
        Instance(pk=n, heartbeat_id=n, state="up", last_ping_at=now, counts_from=now)
        for n in numbers
    )


def alerts(client) -> None:
    """An intake whose alerts all fire, and have been repeated for a while."""
    intake, _ = Intake.objects.make("Bench", "alertmanager")
    Intake.objects.filter(pk=intake.pk).update(digest=digest_of(webhooks.KEY))
    for n in range(webhooks.GROUPS):
        body = webhooks.repeated(n)
        answer = client.post(webhooks.PATH, body, content_type="application/json")
        assert answer.status_code == HTTPStatus.OK
    Alert.objects.update(deliveries=HEARD_BEFORE)


def settle() -> None:
    """The next row gets a new key, and the database knows what it has.

    PostgreSQL does it by itself a minute after so many rows came: not in the middle of a round.
    """
    tables = [Runbook, Version, AlertName, Runbook.services.through, Run, RunStep, Entry]
    tables += [Heartbeat, Instance, Alert, Incident, TimelineEntry, AffectedService]
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), tables):
            cursor.execute(statement)
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


def _runbook(n: int, owner: Team, rendered, now) -> Runbook:
    return Runbook(
        pk=n,
        slug=f"runbook-{n}",
        title=f"{WORDS[n % 24].capitalize()} {WORDS[n % 23]} trouble {n}",
        kind=Kind.values[n % 8],
        section=Section.values[n % 6],
        owner=owner,
        head=1,
        revision=1,
        summary=rendered.lede,
        changed_at=now - timedelta(seconds=n),
        reviewed_at=now,
        review_due=(now + timedelta(days=n % 400 - 30)).date(),
        source_path=f"runbooks/runbook-{n}.md",
    )


def _version(n: int, rendered, now) -> Version:
    whole = f"{text()}\n{own(n)}"
    digest = hashlib.sha256(whole.encode()).hexdigest()
    return Version(
        pk=n,
        runbook_id=n,
        number=1,
        state=State.PUBLISHED,
        text=whole,
        author_name="Bench",
        published_at=now,
        hash=f"{digest[:57]}{FIRST + n}",
        html=f"{rendered.html}<p>{own(n)}</p>",
        plain=f"{rendered.plain} {own(n)}",
        lede=rendered.lede,
        toc=rendered.toc,
        steps=rendered.steps,
        parameters=rendered.parameters,
    )


def _run(n: int, service: Service, reader: User, now) -> Run:
    return Run(
        pk=n,
        runbook_id=n,
        version_id=n,
        kind=("deployment", "maintenance")[n % 2],
        service=service,
        service_slug=service.slug,
        environment=("staging", "production")[n % 2],
        starter_name="Bench",
        started_at=now - timedelta(minutes=n),
        holder=reader if n < 4 else None,
    )
