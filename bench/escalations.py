"""Steps of escalations that are due, over the workers of two engines, each a process of its own.

RATE become due in each second, evenly: incidents do not open at once. Somebody reads pages
meanwhile. Every step has to be claimed once; how late the last ones are is measured, not asserted.
"""

import json
import multiprocessing
import sys
from collections import Counter
from datetime import timedelta
from itertools import cycle
from statistics import median
from threading import Thread
from time import perf_counter, sleep

import django

django.setup()

from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.db import OperationalError, connections  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils import timezone  # noqa: E402

from bench.asking import get  # noqa: E402
from incidents.escalation import engine  # noqa: E402
from incidents.jobs import CALLERS  # noqa: E402
from incidents.models import Call, Escalation, EscalationPolicy, Incident, Severity  # noqa: E402
from incidents.models.steps import StepSpec  # noqa: E402
from portal.accounts.models import User  # noqa: E402
from portal.core.ops.engine import IDLE  # noqa: E402

ENGINES = 2
RATE = 50  # steps that become due in each second
FIRST = timedelta(seconds=10)  # until the engines have started
BEHIND = timedelta(minutes=5)  # after the last one is due, what was not taken is missed
PAGES = ("/", "/incidents/", "/incidents/1/")
PAUSE = 0.5  # seconds between two pages


def fill(count: int) -> None:
    """So many incidents, each with a step that becomes due within the time."""
    person = User.objects.create_user("bench-caller", "caller@example.org", name="Caller")
    person.take_role("responder")
    steps = [StepSpec((person,), delay_minutes=0), StepSpec((person,), delay_minutes=600)]
    policy = EscalationPolicy.objects.make(by=None, name="Bench", steps=steps)
    plan, terms, now = policy.plan(), Severity.objects.of(2).terms(), timezone.now()
    about = {"level": 2, "terms": terms, "plan": plan, "declared_at": now, "active_at": now}
    rows = Incident.objects.bulk_create(
        (Incident(title=f"No. {number}", **about) for number in range(count)), batch_size=500
    )
    Escalation.objects.bulk_create(
        (
            Escalation(incident=row, plan=plan, started_at=now, due_at=now + _due(n))
            for n, row in enumerate(rows)
        ),
        batch_size=500,
    )


def _due(number: int) -> timedelta:
    return FIRST + timedelta(seconds=number / RATE)


def work(until) -> None:
    """As a worker of the engine, until nothing of the first steps is left."""
    while timezone.now() < until + BEHIND:
        try:
            if engine.take_due(timezone.now()):
                continue
            if timezone.now() > until:
                break
            sleep(IDLE)
        except OperationalError:
            continue
    connections.close_all()


def run_engine(until) -> None:
    connections.close_all()
    workers = [Thread(target=work, args=[until]) for _ in range(CALLERS)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()


def read_pages(session: str, until, found) -> None:
    """As somebody who works on an incident; puts how many, and the median of their seconds."""
    connections.close_all()
    application, headers = get_wsgi_application(), {"HTTP_COOKIE": f"session={session}"}
    times = []
    for path in cycle(PAGES):
        if timezone.now() > until:
            break
        began = perf_counter()
        get(application, path, headers)
        times.append(perf_counter() - began)
        sleep(PAUSE)
    found.put((len(times), median(times)))


def _signed_in() -> str:
    client = Client(HTTP_HOST="127.0.0.1")
    client.force_login(User.objects.get(username="bench-caller"))
    return client.cookies["session"].value


def lateness(due: dict[int, object]) -> list[float]:
    """Seconds after it was due at which each was called, the shortest first."""
    calls = Call.objects.values_list("escalation", "at")
    return sorted((at - due[pk]).total_seconds() for pk, at in calls)


def main(count: int) -> None:
    fill(count)
    due = dict(Escalation.objects.values_list("pk", "due_at"))
    until, session, read = max(due.values()), _signed_in(), multiprocessing.Queue()
    connections.close_all()
    reader = multiprocessing.Process(target=read_pages, args=[session, until, read])
    engines = [multiprocessing.Process(target=run_engine, args=[until]) for _ in range(ENGINES)]
    for each in (reader, *engines):
        each.start()
    pages, page_seconds = read.get()
    for each in (reader, *engines):
        each.join()
    late = lateness(due)
    times = Counter(Call.objects.values_list("escalation", flat=True))
    twice = sum(number > 1 for number in times.values())
    found = {"called": len(times), "twice": twice, "p99": late[int(len(late) * 0.99)]}
    told = {"median": late[len(late) // 2], "pages": pages, "page_seconds": page_seconds}
    print(json.dumps(found | told))


if __name__ == "__main__":
    main(int(sys.argv[1]))
