"""Escalation policies: read, create, change, archive, and try."""

from datetime import datetime
from typing import Any, ClassVar

from django.db import transaction
from django.db.models import Q
from django.http import HttpResponse
from django.urls import reverse
from drf_spectacular.utils import extend_schema

from incidents.escalation.dry_run import DryRun, Line
from incidents.escalation.findings import findings
from incidents.escalation.verdict import verdict
from incidents.models import EscalationPolicy, ServicePolicy, Severity
from incidents.models.policies import tag_of
from incidents.oncall.api.oncall import EXAMPLE, moment
from portal.accounts.api.idempotency import Idempotent
from portal.accounts.models import Team, User
from portal.architecture.models import Service
from portal.core.api.answers import AnsweringView
from portal.core.api.etags import IF_MATCH, of_row, require_match
from portal.core.api.filters import CURRENT, among, choices, in_state, refuse_strangers, state
from portal.core.api.pagination import Ordering, paginate
from portal.core.api.parameters import FIELDS, PAGED, page_of, query, sent
from portal.core.api.refusals import refusals_of
from portal.core.api.renderers import json_response
from portal.core.api.verbs import VerbView
from portal.core.data import clock

from .serializers import (
    KINDS,
    TARGETS,
    DryRunSerializer,
    PolicySerializer,
    WritePolicySerializer,
    about,
)

ROW = PolicySerializer
READ = "incidents.view_escalationpolicy"
WRITE = "incidents.change_escalationpolicy"
BY_NAME = Ordering(("name",))
KEYS = (*BY_NAME.keys, "revision")
STATES = {CURRENT: Q(archived_at=None), "archived": Q(archived_at__isnull=False), "all": Q()}
LEVELS = [f"SEV{level}" for level in range(1, 6)]
LIST = [
    *FIELDS,
    state(STATES),
    query("team", "Slug of the team; may be repeated.", many=True),
    query("service", "Slug of a service that uses it; may be repeated.", many=True),
    *PAGED,
]
ASKED = [
    query("at", f"When the incident would open ({EXAMPLE}); now if not given."),
    query("severity", "`SEV2` if not given.", enum=LEVELS),
]
CREATE = sent(
    "One person, then another",
    name="Databases, tier 1",
    rounds=3,
    steps=[
        {"delay_minutes": 0, "people": ["alice"]},
        {"delay_minutes": 5, "people": ["olga"]},
    ],
)
CHANGE = sent("More time between rounds", wait_minutes=10)


class PoliciesView(Idempotent, AnsweringView):
    """Rows with their steps and services, each with its tag."""

    area = "incidents"
    permissions: ClassVar[dict[str, str]] = {"GET": READ}

    def policy(self, slug: str) -> EscalationPolicy:
        return self.found(EscalationPolicy.objects.visible(self.request.user), slug=slug)

    def locked(self, slug: str) -> EscalationPolicy:
        """The same, as it stays until the transaction ends: If-Match holds while it changes."""
        rows = EscalationPolicy.objects.select_for_update(of=("self",))
        return self.found(rows.visible(self.request.user), slug=slug)

    def shown(self, rows: list[tuple], names: tuple[str, ...]) -> list[dict]:
        read, keys = ROW.reader(ROW.usual(), KEYS), [row[1] for row in rows]
        steps, services = _steps(keys), _services(keys)
        found = []
        for row in rows:
            pk, revision = row[1], row[2]
            whole = read(row) | {"steps": steps[pk], "services": services[pk]}
            whole["etag"] = of_row(tag_of(pk, revision), whole)
            found.append({name: whole[name] for name in names})
        return found

    def one(self, pk: int, names: tuple[str, ...] = ROW.usual()) -> tuple[dict, str]:
        """These members, and the tag."""
        rows = list(ROW.values(EscalationPolicy.objects.filter(pk=pk), ROW.usual(), KEYS))
        (whole,) = self.shown(rows, ROW.usual())
        return {name: whole[name] for name in names}, whole["etag"]

    def answered(self, pk: int) -> HttpResponse:
        said, etag = self.one(pk)
        return json_response(said, headers={"ETag": etag})


def _steps(keys: list[int]) -> dict[int, list[dict]]:
    rows = EscalationPolicy.objects.filter(pk__in=keys)
    rows = rows.prefetch_related(*(f"steps__targets__{kind}" for kind in TARGETS))
    return {row.pk: [_step(each) for each in row.steps.all()] for row in rows}


def _step(step) -> dict[str, Any]:
    targets = list(step.targets.all())
    found: dict[str, Any] = {"delay_minutes": step.delay_minutes, "urgency": step.urgency}
    for name, kind in zip(KINDS, TARGETS, strict=True):
        rows = [each.what for each in targets if each.kind == kind]
        found[name] = [getattr(row, "slug", None) or row.username for row in rows]
    return found


def _services(keys: list[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {key: [] for key in keys}
    rows = ServicePolicy.objects.filter(policy__in=keys).order_by("service__slug")
    for key, slug in rows.values_list("policy", "service__slug"):
        found[key].append(slug)
    return found


class Policies(PoliciesView):
    permissions: ClassVar[dict[str, str]] = {
        "GET": READ,
        "POST": "incidents.add_escalationpolicy",
    }

    @extend_schema(operation_id="escalation_policies_list", parameters=LIST, responses=page_of(ROW))
    def get(self, request):
        """Escalation policies by name, with their steps."""
        params, names = request.query_params, ROW.chosen(request.query_params)
        refuse_strangers(params, team=Team.objects.all(), service=Service.objects.all())
        rows = in_state(EscalationPolicy.objects.visible(request.user), params, STATES)
        rows = among(rows, params, team="team__slug")
        if slugs := params.getlist("service"):
            rows = rows.filter(services__service__slug__in=slugs).distinct()
        page = paginate(ROW.values(rows, ROW.usual(), KEYS), BY_NAME, "policies", params)
        return self.page(page, self.shown(page.rows, names))

    @extend_schema(
        operation_id="escalation_policies_create",
        request=WritePolicySerializer,
        responses={201: ROW},
        examples=CREATE,
    )
    def post(self, request):
        """Create one, with all its steps."""
        given = about(dict(self.checked(WritePolicySerializer)))
        with refusals_of():
            made = EscalationPolicy.objects.make(by=request.user, **given)
        return self.made(self.one(made.pk)[0], reverse("api:policy", args=[made.slug]))


class PolicyDetail(PoliciesView):
    permissions: ClassVar[dict[str, str]] = {"GET": READ, "PATCH": WRITE}

    @extend_schema(operation_id="escalation_policies_read", parameters=FIELDS, responses=ROW)
    def get(self, request, slug):
        """One escalation policy."""
        said, etag = self.one(self.policy(slug).pk, ROW.chosen(request.query_params))
        return json_response(said, headers={"ETag": etag})

    @extend_schema(
        operation_id="escalation_policies_change",
        request=WritePolicySerializer(partial=True),
        parameters=IF_MATCH,
        responses=ROW,
        examples=CHANGE,
    )
    def patch(self, request, slug):
        """Change the members that you send; `steps` replaces all steps. The slug stays."""
        with transaction.atomic():
            row = self.locked(slug)
            require_match(request, row.etag, difference=row.get_absolute_url())
            given = about(dict(self.checked(WritePolicySerializer, partial=True)))
            given.pop("slug", None)
            with refusals_of():
                row.change(given, by=request.user)
        return self.answered(row.pk)


class OnPolicy(VerbView, PoliciesView):
    """A verb on one policy."""

    permissions: ClassVar[dict[str, str]] = {"POST": WRITE}
    operation = "escalation_policies_{}"
    answers: ClassVar[type] = ROW

    def thing(self, slug):
        return self.locked(slug)

    def act(self, thing, **given):
        if self.verb == "archive":
            return thing.archive(by=self.request.user, at=clock.now())
        return thing.unarchive(by=self.request.user)

    def answer(self, thing, result):
        return self.answered(thing.pk)


class PolicyDryRun(PoliciesView):
    @extend_schema(
        operation_id="escalation_policies_dry_run", parameters=ASKED, responses=DryRunSerializer
    )
    def get(self, request, slug):
        """Who would be called, minute by minute, if nobody answered. Nothing is sent."""
        rows = EscalationPolicy.objects.visible(request.user).with_steps()
        row, now = self.found(rows, slug=slug), clock.now()
        at = moment(request.query_params, "at", now)
        asked = choices(request.query_params, "severity", LEVELS) or ["SEV2"]
        terms = Severity.objects.of(int(asked[0].removeprefix("SEV"))).terms()
        return json_response(_said(row, DryRun(row.plan(), terms, at), now, request.user))


def _said(row: EscalationPolicy, run: DryRun, now: datetime, reader: User) -> dict[str, Any]:
    tone, title, detail = verdict(run)
    return {
        "policy": row.slug,
        "severity": run.severity,
        "at": run.at,
        "verdict": tone,
        "title": title,
        "detail": detail,
        "steps": [_line(run, line, reader) for line in run.lines],
        "ends_at": run.ends_at,
        "again_at": run.again_at,
        "findings": [
            {"kind": each.kind, "detail": each.title, "is_bad": each.is_bad}
            for each in findings([row], now)[row.pk]
        ],
    }


def _line(run: DryRun, line: Line, reader: User) -> dict[str, Any]:
    return {
        "minute": line.minute,
        "at": line.at,
        "policy": run.plan[line.place.stage]["policy"],
        "round": line.place.round + 1,
        "step": line.place.step + 1,
        "urgency": line.urgency,
        "is_skipped": line.is_skipped,
        "targets": [
            {
                "kind": each.kind,
                "name": each.name,
                "reason": each.why,
                "called": [_called(who, reader) for who in each.called],
            }
            for each in line.aimed
        ],
    }


def _called(each, reader: User) -> dict[str, Any]:
    ways = [
        {"kind": w.kind, "reaches": w.label, "outcome": w.outcome.value, "detail": w.detail}
        for w in each.ways_for(reader)
    ]
    username = each.who.username if isinstance(each.who, User) else None
    return {
        "name": str(each.who),
        "username": username,
        "is_reached": each.reaches,
        "ways": ways,
    }
