"""Two incidents as programs meet them: one with something of everything, and another one."""

from datetime import timedelta

from django.utils import timezone

from incidents.models import Clock, Incident, IncidentRule
from portal.architecture.models import Service
from tests.incidents.world import declare, make_policy

NUMBER, OTHER = 4121, 4120  # as the examples of the document say it


def make_incidents(by, *people) -> list[Incident]:
    """One that calls, has a task and a link, and is related to nothing; and an older one."""
    policy = make_policy(by, *people, slug="disk-fills-up", is_catch_all=True)
    service = Service.objects.order_by("pk").first()
    about = {"services": [service] if service else [], "policy": policy}
    other = declare(by, title="Checkout is slow", level=3, number=OTHER, **about)
    incident = declare(None, number=NUMBER, **about)
    incident.add_task("Tell support", by=by)
    incident.add_link("https://meet.example.org/inc", "Call", by=by)
    incident.note("Looking", by=by)
    column = [{"name": "team", "operator": "=", "value": "shop"}]
    for name in ("Shop", "Shop, later"):
        IncidentRule.objects.make(by=by, name=name, matchers=column)
    later = timezone.now() + timedelta(days=30)  # also when these rows are copied later
    Clock.objects.update(due_at=later, remind_at=later)
    return [other, incident]
