from datetime import UTC, datetime

from django.urls import reverse
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import NotFound

from portal.core.api.deprecation import Deprecation
from portal.core.api.filters import CHANGED_SINCE, changed_since
from portal.core.api.pagination import Ordering
from portal.core.api.parameters import FIELDS, PAGED, page_of
from portal.core.api.renderers import json_response
from portal.core.web.address import absolute
from runbooks.alerts.nearest import nearest
from runbooks.documents import serializers
from runbooks.documents.api.base import RunbooksView
from runbooks.documents.api.rows import shown_to
from runbooks.models import Gap, Runbook

ROW = serializers.RowSerializer
MOVED, GOES = datetime(2026, 12, 1, tzinfo=UTC), datetime(2027, 12, 1, tzinfo=UTC)
MOST_WANTED = Ordering(("count",), descending=True)


class AlertName(RunbooksView):
    permissions = {"GET": "runbooks.view_runbook"}

    @extend_schema(operation_id="alert_names_read", responses=serializers.AlertSerializer)
    def get(self, request, name):
        """The runbook for an alert, or the nearest ones; a look-up without a runbook is counted."""
        return self.resolved(request, name)

    def resolved(self, request, name):
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


class FormerAlertName(AlertName):
    """Where this stood before alerts came here: a name of digits alone is the number of one now."""

    deprecation = Deprecation(since=MOVED, sunset=GOES)

    @extend_schema(operation_id="alerts_resolve", responses=serializers.AlertSerializer)
    def get(self, request, name):
        """Moved to `alert-names/{name}/`."""
        return self.resolved(request, name)

    def http_method_not_allowed(self, request, *args, **kwargs):
        """Below an alert there are verbs; what is asked of no number is asked of none."""
        if "/" in self.kwargs["name"]:
            raise NotFound("An alert that came is named by its number.")
        super().http_method_not_allowed(request, *args, **kwargs)

    def finished(self, response):
        moved_to = absolute(reverse("api:alert-name", args=[self.kwargs["name"]]))
        self.deprecation = Deprecation(MOVED, GOES, moved_to, absolute(reverse("api-docs")))
        return super().finished(response)


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
