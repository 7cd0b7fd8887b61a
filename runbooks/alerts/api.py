from django.utils import timezone
from drf_spectacular.utils import extend_schema

from portal.core.api.renderers import json_response
from runbooks.alerts.nearest import nearest
from runbooks.documents import serializers
from runbooks.documents.api import rows
from runbooks.documents.api.base import RunbooksView
from runbooks.models import Gap, Runbook

SHOWN = tuple(name for name in rows.LIST)


class Alert(RunbooksView):
    permissions = {"GET": "runbooks.view_runbook"}

    @extend_schema(operation_id="alerts_resolve", responses=serializers.AlertSerializer)
    def get(self, request, name):
        """The runbook for an alert, or the nearest ones; a look-up without a runbook is counted."""
        visible = Runbook.objects.visible(request.user)
        found = visible.answering(name)
        if found is None:
            Gap.objects.note(name[:200], at=timezone.now())
        near = [] if found else nearest(name, user=request.user)
        keys = [runbook.pk for runbook in (found, *near) if runbook]
        shown = rows.select(Runbook.objects.filter(pk__in=keys), SHOWN)
        by_key = {row["pk"]: rows.shown(row, SHOWN) for row in shown}
        answer = {
            "alert": name,
            "runbook": by_key[found.pk] if found else None,
            "nearest": [by_key[runbook.pk] for runbook in near],
        }
        return json_response(answer)


class Gaps(RunbooksView):
    permissions = {"GET": "runbooks.view_gap"}

    @extend_schema(operation_id="gaps_list", responses=serializers.GapSerializer(many=True))
    def get(self, request):
        """Alerts that were looked up and have no runbook, the most wanted first."""
        found = Gap.objects.open().values("name", "count", "first_at", "last_at")
        return json_response(list(found[:200]))
