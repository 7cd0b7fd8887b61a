"""Many runbooks, fast: one text rendered once, and rows written in bulk."""

import hashlib
import random
from datetime import timedelta

from django.core.management.color import no_style
from django.db import connection
from django.utils import timezone

from bench.words import WORDS
from portal.accounts.models import Team, Token, User
from portal.architecture.models import Dependency, Service, Zone
from portal.core.markdown import render
from portal.search import index, registry
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

BATCH = 1000
PASSWORD = "bench bench bench"


def people() -> tuple[User, str]:
    """A reader who signs in both ways, and their token."""
    user = User.objects.create_user("bench", password=PASSWORD)
    user.take_role("reader")
    _, plain = Token.objects.issue(user, "bench", ["read"], days=1)
    return user, plain


def keeper() -> User:
    """Somebody who keeps guides and may see how far people are."""
    user = User.objects.create_user("keeper", password=PASSWORD)
    user.take_role("approver")
    return user


def runbooks(count: int) -> None:
    """`count` published runbooks with alerts, owners, services and search entries."""
    teams = [Team.objects.create(slug=f"t{n}", name=f"Team {n}") for n in range(8)]
    services = [
        Service.objects.create(slug=f"s{n}", name=f"Service {n}", owner=teams[n % 8])
        for n in range(20)
    ] + catalog(teams)
    text = _text()
    rendered = render(text)
    for first in range(1, count + 1, BATCH):
        numbers = range(first, min(first + BATCH, count + 1))
        _batch(numbers, text, rendered, teams, services)
    index.put_many(registry.kind("service"), [service.pk for service in services])
    with connection.cursor() as cursor:
        for statement in _numbers_go_on():
            cursor.execute(statement)
        cursor.execute("ANALYZE")


def catalog(teams) -> list[Service]:
    """130 more services: 150 in one zone, each needs two others."""
    zone = Zone.objects.create(slug="z0", name="Zone")
    rows = Service.objects.bulk_create(
        Service(slug=f"s{n}", name=f"Service {n}", owner=teams[n % 8]) for n in range(20, 150)
    )
    everything = list(Service.objects.order_by("pk"))
    Service.objects.update(zone=zone)
    pairs = {(n, (n * 7 + step) % 150) for n in range(150) for step in (3, 40)}
    Dependency.objects.bulk_create(
        Dependency(source=everything[a], target=everything[b], protocol="HTTPS", port=443)
        for a, b in pairs
        if a != b
    )
    return rows


def runs(count: int, user: User) -> None:
    """`count` runs of a step each, all still to be ticked; one for each runbook."""
    services = list(Service.objects.order_by("pk"))
    now = timezone.now()
    for first in range(1, count + 1, BATCH):
        numbers = range(first, min(first + BATCH, count + 1))
        made = Run.objects.bulk_create(
            Run(
                pk=n,
                runbook_id=n,
                version_id=n,
                kind=("deployment", "maintenance")[n % 2],
                service=services[n % 150],
                service_slug=services[n % 150].slug,
                environment=("staging", "production")[n % 2],
                starter_name="Bench",
                started_at=now - timedelta(minutes=n),
                holder=user if n < 4 else None,
            )
            for n in numbers
        )
        RunStep.objects.bulk_create(
            RunStep(run=run, number=number, title=f"Step {number}", opened_at=now)
            for run in made
            for number in range(1, 9)
        )
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), [Run]):
            cursor.execute(statement)
        cursor.execute("ANALYZE")


def _numbers_go_on() -> list[str]:
    """PostgreSQL is told of the keys that were given here, so that the next row gets a new one."""
    return connection.ops.sequence_reset_sql(no_style(), [Runbook, Version])


def _text() -> str:
    random.seed(7)
    paragraphs = [" ".join(random.choices(WORDS, k=60)).capitalize() + "." for _ in range(11)]
    steps = "\n".join(_step(n) for n in range(1, 9))
    return "\n\n".join(["## Symptom", *paragraphs, "## Resolution", steps])


def _step(n: int) -> str:
    about, where = random.choices(WORDS, k=2)
    return f"{n}. Look at the {about}:\n\n   ```shell\n   $ kubectl get pods -n {where}\n   ```\n"


def _batch(numbers, text, rendered, teams, services) -> None:
    now = timezone.now()
    kinds, sections = Kind.values, Section.values
    made = Runbook.objects.bulk_create(
        Runbook(
            pk=n,
            slug=f"runbook-{n}",
            title=f"{WORDS[n % 24].capitalize()} {WORDS[n % 23]} trouble {n}",
            kind=kinds[n % 8],
            section=sections[n % 6],
            owner=teams[n % 8],
            head=1,
            revision=1,
            summary=rendered.lede,
            changed_at=now - timedelta(seconds=n),
            reviewed_at=now,
            review_due=(now + timedelta(days=n % 400 - 30)).date(),
            source_path=f"runbooks/runbook-{n}.md",
        )
        for n in numbers
    )
    Version.objects.bulk_create(_version(n, text, rendered, now) for n in numbers)
    for runbook in made:
        runbook.published_id = runbook.pk
    Runbook.objects.bulk_update(made, ["published"])
    AlertName.objects.bulk_create(AlertName(name=f"Alert{n}", runbook_id=n) for n in numbers)
    through = Runbook.services.through
    through.objects.bulk_create(
        through(runbook_id=n, service_id=services[n % 20].pk) for n in numbers
    )
    index.put_many(registry.kind("runbook"), [runbook.pk for runbook in made])


def _version(n: int, text: str, rendered, now) -> Version:
    own = f"{text}\nThe word only{n} is in this one only.\n"
    return Version(
        pk=n,
        runbook_id=n,
        number=1,
        state=State.PUBLISHED,
        text=own,
        author_name="Bench",
        published_at=now,
        hash=hashlib.sha256(own.encode()).hexdigest(),
        html=rendered.html,
        plain=f"{rendered.plain} only{n}",
        lede=rendered.lede,
        toc=rendered.toc,
        steps=rendered.steps,
        parameters=rendered.parameters,
    )
