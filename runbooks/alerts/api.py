from django.utils import timezone
from drf_spectacular.utils import extend_schema

from portal.core.api.filters import CHANGED_SINCE, changed_since
from portal.core.api.pagination import Ordering
from portal.core.api.parameters import FIELDS, PAGED, page_of
from portal.core.api.renderers import json_response
from runbooks.alerts.nearest import nearest
from runbooks.documents import serializers
from runbooks.documents.api.base import RunbooksView
from runbooks.documents.api.rows import shown_to
from runbooks.models import Gap, Runbook

ROW = serializers.RowSerializer
MOST_WANTED = Ordering(("count",), descending=True)


class Alert(RunbooksView):
    permissions = {"GET": "runbooks.view_runbook"}

    @extend_schema(operation_id="alerts_resolve", responses=serializers.AlertSerializer)
    def get(self, request, name):
        """The runbook for an alert, or the nearest ones; a look-up without a runbook is counted."""
        visible = Runbook.objects.visible(request.user)
        found = visible.answering(name)
        if found is None and request.method == "GET":
            Gap.objects.note(name, at=timezone.now())
        near = [] if found else nearest(name, user=request.user)
        row = shown_to(request.user, ROW)
        read = row.reader(row.usual(), ("pk",))
        keys = [runbook.pk for runbook in (found, *near) if runbook]
        shown = row.values(Runbook.objects.filter(pk__in=keys), keys=("pk",))
        by_key = {each[0]: read(each) for each in shown}
        answer = {
            "alert": name,
            "runbook": by_key[found.pk] if found else None,
            "nearest": [by_key[runbook.pk] for runbook in near],
        }
        return json_response(answer)


class Gaps(RunbooksView):
    permissions = {"GET": "runbooks.view_gap"}

    @extend_schema(
        operation_id="gaps_list",
        parameters=[*FIELDS, CHANGED_SINCE, *PAGED],
        responses=page_of(serializers.GapSerializer),
    )
    def get(self, request):
        """Alerts that were looked up and have no runbook, the most wanted first."""
        found = changed_since(Gap.objects.open(), request.query_params, "last_at")
        return self.listed(serializers.GapSerializer, found, MOST_WANTED, "gaps")
