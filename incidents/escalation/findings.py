"""What is wrong with policies, before an incident finds out."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.cache import caches
from django.db.models import Count, Max, Sum
from django.urls import reverse

from incidents.models import EscalationPolicy, Place
from incidents.oncall.shifts import gaps
from portal.architecture.models import Service
from portal.core.templatetags.look import duration
from portal.core.web.days import minute_of

from .audience import Aimed, Audience
from .contacts import Outcome, Way

AHEAD = timedelta(days=14)
MOST_NAMED = 12
REMEMBERED = 60  # seconds, for the first page
MAY_FAIL = "may-fail"
NOBODY = "nobody is on call"  # that is said by the gaps of the rotation


@dataclass(frozen=True)
class Finding:
    """One thing to put right: of what kind, what it is, and where."""

    kind: str
    title: str
    address: str = ""
    is_bad: bool = False
    services: tuple[Service, ...] = ()  # that it is about, some of them
    more: int = 0  # so many others


def findings(policies: Sequence[EscalationPolicy], at: datetime) -> dict[int, list[Finding]]:
    """By the key of each policy; a number of queries that does not grow with them."""
    plan, known = [policy.frozen() for policy in policies], {row.pk: row for row in policies}
    audience = Audience(plan, {"is_urgent": True}, at, within=AHEAD)
    return {
        policy.pk: [*_of_chain(policy.chain(known)), *_of_steps(policy, number, audience, at)]
        for number, policy in enumerate(policies)
    }


def general(user) -> list[Finding]:
    """What no policy is to blame for, of the services that this person sees."""
    found = []
    if EscalationPolicy.objects.catch_all() is None:
        title = "No policy is the catch-all: what nobody answers ends with the operators."
        found.append(Finding("no-catch-all", title, is_bad=True))
    rows = without_policy().filter(pk__in=Service.objects.visible(user).values("pk"))
    if count := rows.count():
        title = "1 service has no policy of its own or of its team."
        if count > 1:
            title = f"{count} services have no policy of their own or of their team."
        some = tuple(rows.order_by("name", "pk")[:MOST_NAMED])
        found.append(Finding("no-policy", title, services=some, more=count - len(some)))
    return found


def without_policy():
    """Services whose incidents go to the catch-all."""
    by_team = EscalationPolicy.objects.current().filter(is_default_of_team=True)
    own = EscalationPolicy.objects.current().values("services__service")
    rows = Service.objects.exclude(pk__in=own.filter(services__isnull=False))
    return rows.exclude(owner__in=by_team.values("team"))


def _of_chain(chain: list[EscalationPolicy]) -> Iterator[Finding]:
    if len(chain) > 1 and chain[-1] in chain[:-1]:
        names = ", ".join(each.name for each in chain[1:])
        title = f"It loops: after it {names}. Each is called once."
        yield Finding("loop", title)
    archived = next((each for each in chain[1:] if each.archived_at), None)
    if archived:
        yield Finding("ends-early", f"{archived} is archived: the policy ends before it.")


def _of_steps(
    policy: EscalationPolicy, stage: int, audience: Audience, at: datetime
) -> Iterator[Finding]:
    steps = audience.plan[stage]["steps"]
    if not steps:
        yield Finding("no-steps", "It has no steps: nobody is called by it.", is_bad=True)
        return
    reached = False
    ways: list[Way] = []
    for number, step in enumerate(steps):
        aimed = audience.of(Place(stage, 0, number), at)
        ways += [way for target in aimed for each in target.called for way in each.ways]
        reached = reached or any(each.reaches for each in aimed)
        if not step["targets"]:
            yield Finding("empty-step", f"Step {number + 1} aims at nobody.", is_bad=True)
        yield from _of_targets(number + 1, aimed)
        yield from _of_rotations(number + 1, step, audience, at)
    if not reached:
        yield Finding("reaches-nobody", "It would reach nobody now.", is_bad=True)
    elif why := _may_all_fail(ways):
        address = reverse("notifications:deliveries")
        yield Finding(MAY_FAIL, f"Every message of it may fail. {why}", address, is_bad=True)


def _may_all_fail(ways: list[Way]) -> str:
    """Why, if nothing else reaches anybody now or after quiet hours."""
    used = [way for way in ways if way.reaches or way.until]
    is_unsure = all(way.outcome == Outcome.MAY_FAIL for way in used)
    return used[0].detail if used and is_unsure else ""


def _of_targets(number: int, aimed: list[Aimed]) -> Iterator[Finding]:
    for target in aimed:
        if target.why and target.why != NOBODY:
            yield Finding("nobody", f"Step {number}: {target.name}, {target.why}.", is_bad=True)
        for each in target.called:
            if not any(way.reaches or way.until for way in each.ways):
                title = f"Step {number}: no contact method of {each.who} works."
                yield Finding("unreachable", title, is_bad=True)


def _of_rotations(number: int, step: dict, audience: Audience, at: datetime) -> Iterator[Finding]:
    for target in step["targets"]:
        found = audience.rotation(target)
        if found is None or found[0].archived_at:
            continue
        rotation, plan = found
        address = rotation.get_absolute_url()
        empty = gaps(plan, at, at + AHEAD)
        if empty:
            since, until = minute_of(empty[0].starts_at), minute_of(empty[0].ends_at)
            total = duration(sum((each.span for each in empty), timedelta()))
            title = f"Step {number}: nobody is on call in {rotation} from {since} to {until}"
            more = f", {total} in all within 14 days." if len(empty) > 1 else "."
            yield Finding("gap", title + more, address)
        for person in audience.unreached_on_call(plan, at, at + AHEAD):
            title = f"Step {number}: {person} is on call in {rotation} soon and cannot be reached."
            yield Finding("unreachable", title, address, is_bad=True)


def remembered(at: datetime) -> list[tuple[EscalationPolicy, list[Finding]]]:
    """Current policies to fix, looked at once in a while; one query if nothing changed.

    That a mail server is missing is no fault of a policy: the set-up list says it once.
    """
    mark = EscalationPolicy.objects.aggregate(Max("pk"), Count("pk"), Sum("revision"))
    if not mark["pk__count"]:
        return []
    key = f"policy-findings-{'-'.join(map(str, mark.values()))}"
    known = caches["process"].get(key)
    if known is None:
        rows = list(EscalationPolicy.objects.current().with_steps())
        found = {
            key: [each for each in of_one if each.kind != MAY_FAIL]
            for key, of_one in findings(rows, at).items()
        }
        known = [(row, found[row.pk]) for row in rows if found[row.pk]]
        caches["process"].set(key, known, REMEMBERED)
    return known
