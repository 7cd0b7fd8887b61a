"""Alerts that came: read, acknowledge, rate, end."""

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema

from portal.accounts.api.idempotency import Idempotent
from portal.core.api.answers import AnsweringView
from portal.core.api.pagination import paginate
from portal.core.api.parameters import FIELDS, PAGED, page_of, query, sent
from portal.core.api.renderers import json_response
from portal.core.api.verbs import VerbView
from portal.core.data import clock
from portal.monitoring.alerts import filters, resolution
from portal.monitoring.models import Alert
from portal.monitoring.muting import verbs
from portal.monitoring.muting.expiry import end_of, said_of

from .serializers import (
    AlertEpisodeSerializer,
    EndedSerializer,
    SnoozeSerializer,
    VerdictSerializer,
)

ROW = AlertEpisodeSerializer
ASKED = [
    *FIELDS,
    query("state", "How it stands; may be repeated.", enum=list(filters.STATES), many=True),
    query("name", "Name of the alert; may be repeated.", many=True),
    query("service", "Slug of the service, or `none`: none was found; may be repeated.", many=True),
    query("severity", "As the tool says it; may be repeated.", many=True),
    query("intake", "Number of the intake; may be repeated.", many=True),
    query("runbook", "`none`: no runbook was found.", enum=[filters.NONE], many=True),
    query(
        "since", "Only what began at this time (RFC 3339, such as 2026-01-31T08:00:00Z) or later."
    ),
    *PAGED,
]
RATED = sent("It was noise", useful=False)
ENDED = sent("The rule was wrong", note="The rule counted the canary, too.")


class AlertsView(Idempotent, AnsweringView):
    area = "monitoring"
    permissions = {"GET": "monitoring.view_alert"}

    def alert(self, pk: int) -> Alert:
        return self.found(Alert.objects.visible(self.request.user), pk=pk)

    def shown(self, pk: int, names: tuple[str, ...] | None = None) -> dict:
        return self.single(ROW, Alert.objects.visible(self.request.user), names, pk=pk)


class AlertList(AlertsView):
    @extend_schema(operation_id="alerts_list", parameters=ASKED, responses=page_of(ROW))
    def get(self, request):
        """Alerts that came, each episode for itself, the newest first."""
        params = request.query_params
        names, newest = ROW.chosen(params), filters.NEWEST_FIRST
        rows = filters.narrowed(Alert.objects.visible(request.user), params)
        # The page first, by its index alone; joins let SQLite sort all alerts for it.
        page = paginate(rows.values_list(*newest.keys), newest, "alerts", params)
        keys = [row[-1] for row in page.rows]
        read = ROW.reader(names, ("pk",))
        found = ROW.values(Alert.objects.filter(pk__in=keys), names, ("pk",))
        shown = {row[0]: read(row) for row in found}
        return self.page(page, [shown[key] for key in keys if key in shown])


class AlertDetail(AlertsView):
    @extend_schema(operation_id="alerts_read", parameters=FIELDS, responses=ROW)
    def get(self, request, pk):
        """One episode of an alert."""
        return json_response(self.shown(pk, ROW.chosen(request.query_params)))


class OnAlert(VerbView, AlertsView):
    """A verb on one alert."""

    operation = "alert_{}"
    answers: ClassVar[Any] = ROW

    def thing(self, pk):
        return self.alert(pk)

    def answer(self, thing, result):
        return json_response(self.shown(thing.pk))


class Rate(OnAlert):
    takes = VerdictSerializer
    examples = RATED


class Snooze(OnAlert):
    takes = SnoozeSerializer
    examples = sent("For two hours", minutes=120, reason="The fix is in review.")

    def act(self, thing, **given):
        at = clock.now()
        about = {"reason": given.get("reason", ""), "ends_at": end_of(given, at)}
        with said_of(given):
            return verbs.snooze(thing, by=self.request.user, at=at, **about)


class Resolve(OnAlert):
    takes = EndedSerializer
    examples = ENDED

    def act(self, thing, **given):
        return resolution.resolve(thing, by=self.request.user, **given)
