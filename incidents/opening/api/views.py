"""Rules: read, make, change, move, remove."""

from typing import Any, ClassVar

from django.db import transaction
from django.http import HttpResponse
from django.urls import reverse
from drf_spectacular.utils import extend_schema

from incidents.models import IncidentRule
from portal.accounts.api.idempotency import Idempotent
from portal.core.api.answers import AnsweringView
from portal.core.api.etags import IF_MATCH, require_match
from portal.core.api.pagination import Ordering
from portal.core.api.parameters import FIELDS, PAGED, page_of, sent
from portal.core.api.verbs import VerbView

from .serializers import IncidentRuleSerializer, WriteIncidentRuleSerializer

ROW = IncidentRuleSerializer
IN_ORDER = Ordering(("position",))
CHANGE = "incidents.change_incidentrule"
NEW = sent(
    "Warnings of the shop are tickets",
    name="Warnings of the shop",
    matchers=[
        {"name": "team", "operator": "=", "value": "shop"},
        {"name": "severity", "operator": "=~", "value": "warning|info"},
    ],
    action="ticket",
)
CHANGED = sent("Not for now", is_active=False)
MOVED = sent("Ask it first", to=1)


class RulesView(Idempotent, AnsweringView):
    area = "incidents"
    permissions = {"GET": "incidents.view_incidentrule"}

    def rule(self, pk: int):
        """The query of one."""
        return IncidentRule.objects.visible(self.request.user).filter(pk=pk)

    def locked(self, pk: int) -> IncidentRule:
        """The rule, under its lock, if If-Match holds."""
        rule: IncidentRule = self.found(self.rule(pk).select_for_update())
        require_match(self.request, rule.etag, difference=rule.get_absolute_url())
        return rule


class RuleList(RulesView):
    permissions = {"GET": "incidents.view_incidentrule", "POST": "incidents.add_incidentrule"}

    @extend_schema(
        operation_id="incident_rules_list", parameters=[*FIELDS, *PAGED], responses=page_of(ROW)
    )
    def get(self, request):
        """Rules, in the order in which they are asked."""
        rows = IncidentRule.objects.visible(request.user)
        return self.listed(ROW, rows, IN_ORDER, "incident-rules")

    @extend_schema(
        operation_id="incident_rules_create",
        request=WriteIncidentRuleSerializer,
        responses={201: ROW},
        examples=NEW,
    )
    def post(self, request):
        """Add a rule after all others."""
        made = IncidentRule.objects.make(by=request.user, **given_of(self, partial=False))
        address = reverse("api:incident-rule", args=[made.pk])
        return self.made(self.single(ROW, self.rule(made.pk)), address)


class RuleDetail(RulesView):
    permissions = {"GET": "incidents.view_incidentrule", "PATCH": CHANGE, "DELETE": CHANGE}

    @extend_schema(operation_id="incident_rules_read", parameters=FIELDS, responses=ROW)
    def get(self, request, pk):
        """One rule."""
        return self.tagged(ROW, self.rule(pk), names=ROW.chosen(request.query_params))

    @extend_schema(
        operation_id="incident_rules_change",
        request=WriteIncidentRuleSerializer(partial=True),
        parameters=IF_MATCH,
        responses=ROW,
        examples=CHANGED,
    )
    def patch(self, request, pk):
        """Change the members that you send; it holds for alerts to come."""
        with transaction.atomic():
            self.locked(pk).change(given_of(self, partial=True), by=request.user)
        return self.tagged(ROW, self.rule(pk))

    @extend_schema(operation_id="incident_rules_remove", parameters=IF_MATCH, responses={204: None})
    def delete(self, request, pk):
        """It decides nothing any more; incidents that it opened stay."""
        with transaction.atomic():
            self.locked(pk).remove(by=request.user)
        return HttpResponse(status=204)


def given_of(view: RulesView, *, partial: bool) -> dict[str, Any]:
    """What the verbs take, of what was sent."""
    given = dict(view.checked(WriteIncidentRuleSerializer, partial=partial))
    if "matchers" in given:
        given["matchers"] = [dict(each) for each in given["matchers"]]
    return given


class Move(VerbView, RulesView):
    operation = "incident_rules_{}"
    answers: ClassVar[Any] = ROW

    def thing(self, pk):
        return self.found(self.rule(pk))

    def answer(self, thing, result):
        return self.tagged(ROW, self.rule(thing.pk))
