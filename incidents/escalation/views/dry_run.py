"""Who would be called, minute by minute."""

from datetime import datetime, time, timedelta
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from incidents.escalation.audience import Called
from incidents.escalation.dry_run import DryRun, Line
from incidents.escalation.findings import findings
from incidents.escalation.forms import DryRunForm
from incidents.escalation.status import OUTCOMES
from incidents.escalation.verdict import verdict
from incidents.models import EscalationPolicy, Severity
from portal.architecture.models import Service
from portal.core.data import clock

from .policies import may_read, policy_of

DEFAULT_LEVEL = 2
AT_NIGHT = time(2, 30)
DAY = timedelta(days=1)
MOST = 300


@require_safe
@may_read
def dry_run(request, slug: str):
    """A policy at a time, as if nobody answered. Nothing is sent."""
    row, now = policy_of(request, slug), clock.now()
    form = DryRunForm(request.GET)
    is_valid = form.is_valid()
    at = (form.cleaned_data.get("at") if is_valid else None) or now
    level = form.cleaned_data.get("severity") or DEFAULT_LEVEL
    run = DryRun(row.plan(), Severity.objects.of(level).terms(), at)
    service = _service(form.cleaned_data.get("service"))
    context = {
        "policy": row,
        "form": form,
        "run": run,
        "level": str(level),
        "levels": [(str(each.level), f"{each.name} {each.title}") for each in _severities()],
        "services": _services(request.user),
        "service": service,
        "other": _other(row, service),
        "verdict": verdict(run),
        "groups": [*_groups(run, request.user)],
        "findings": findings([row], now)[row.pk],
        "times": [(label, _address(when, level)) for label, when in _times(now)],
    }
    status = 200 if is_valid else 400
    return render(request, "incidents/escalation/dry_run.html", context, status=status)


def _severities():
    return Severity.objects.order_by("level")


def _services(user) -> list[tuple[str, str]]:
    return list(Service.objects.visible(user).values_list("slug", "name")[:MOST])


def _service(slug: str | None) -> Service | None:
    return Service.objects.filter(slug=slug).first() if slug else None


def _other(row: EscalationPolicy, service: Service | None) -> EscalationPolicy | None:
    """The policy of the service that was named, if it is another one."""
    if service is None:
        return None
    found = EscalationPolicy.objects.for_services([service])
    found = found or EscalationPolicy.objects.catch_all()
    return found if found and found != row else None


def _groups(run: DryRun, reader):
    """Rounds of policies: the first of each in full, with the outcome of each way."""
    for (stage, number), group in groupby(run.lines, key=lambda line: line.place[:2]):
        lines = list(group)
        about: dict[str, Any] = {"policy": lines[0].policy, "number": number + 1}
        about |= {"of": run.plan[stage]["rounds"], "first": lines[0], "is_again": number > 0}
        yield about | {"lines": [(line, _targets(line, reader)) for line in lines]}


def _targets(line: Line, reader):
    """(target, [(who is called, [(way, its status)])])"""
    return [
        (
            target,
            [(each, _ways(each, reader)) for each in target.called],
        )
        for target in line.aimed
    ]


def _ways(called: Called, reader):
    return [(way, OUTCOMES[way.outcome]) for way in called.ways_for(reader)]


def _times(now: datetime):
    """At which it is worth looking: now, at night, at the weekend, when clocks change."""
    yield "Now", None
    tonight = _at(now, 0)
    yield "Tonight", tonight if tonight > now else _at(now, 1)
    saturday = (5 - timezone.localtime(now).weekday()) % 7 or 7
    yield "Saturday night", _at(now, saturday)
    for ahead in range(1, 200):
        if _at(now, ahead).utcoffset() != _at(now, ahead + 1).utcoffset():
            yield "When clocks change", _at(now, ahead + 1)
            return


def _at(now: datetime, days: int) -> datetime:
    day = timezone.localtime(now).date() + days * DAY
    return timezone.make_aware(datetime.combine(day, AT_NIGHT))


def _address(at: datetime | None, level: int) -> str:
    asked = {"severity": level} | ({"at": f"{timezone.localtime(at):%Y-%m-%dT%H:%M}"} if at else {})
    return f"?{urlencode(asked)}"
