"""Steps of escalations that are due, over the workers of two engines, each a process of its own.

Every one has to be claimed once; how late the last ones are is measured, not asserted.
"""

import json
import multiprocessing
import sys
from collections import Counter
from datetime import timedelta
from threading import Thread
from time import sleep

import django

django.setup()

from django.db import OperationalError, connections  # noqa: E402
from django.utils import timezone  # noqa: E402

from incidents.escalation import engine  # noqa: E402
from incidents.jobs import CALLERS  # noqa: E402
from incidents.models import Call, Escalation, EscalationPolicy, Incident, Severity  # noqa: E402
from incidents.models.steps import StepSpec  # noqa: E402
from portal.accounts.models import User  # noqa: E402
from portal.core.ops.engine import IDLE  # noqa: E402

ENGINES = 2
OVER = 60.0  # seconds in which the steps become due, evenly: incidents do not open at once


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
    first = now + timedelta(seconds=10)
    Escalation.objects.bulk_create(
        (
            Escalation(incident=row, plan=plan, started_at=now, due_at=first + _share(n, count))
            for n, row in enumerate(rows)
        ),
        batch_size=500,
    )


def _share(number: int, count: int) -> timedelta:
    return timedelta(seconds=OVER * number / count)


def work(until) -> None:
    """As a worker of the engine, until nothing of the first steps is left."""
    while True:
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


def lateness(due: dict[int, object]) -> list[float]:
    """Seconds after it was due at which each was called, the shortest first."""
    calls = Call.objects.values_list("escalation", "at")
    return sorted((at - due[pk]).total_seconds() for pk, at in calls)


def main(count: int) -> None:
    fill(count)
    due = dict(Escalation.objects.values_list("pk", "due_at"))
    until = max(due.values())
    connections.close_all()
    engines = [multiprocessing.Process(target=run_engine, args=[until]) for _ in range(ENGINES)]
    for each in engines:
        each.start()
    for each in engines:
        each.join()
    late = lateness(due)
    times = Counter(Call.objects.values_list("escalation", flat=True))
    twice = sum(number > 1 for number in times.values())
    found = {"called": len(times), "twice": twice, "p99": late[int(len(late) * 0.99)]}
    print(json.dumps(found | {"median": late[len(late) // 2]}))


if __name__ == "__main__":
    main(int(sys.argv[1]))
