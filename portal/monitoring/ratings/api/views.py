"""The noisiest alerts by name, for programs."""

from drf_spectacular.utils import extend_schema

from portal.core.api.fields import chosen
from portal.core.api.parameters import FIELDS, PAGED, number, page_of, query
from portal.core.data import clock
from portal.monitoring.alerts.api.views import AlertsView
from portal.monitoring.ratings.report import ORDERS, RANGES, USUAL_RANGE, Report
from portal.monitoring.ratings.suggestions import Suggestion

from .serializers import NAMES, AlertNameSerializer, shown

ASKED = [
    *FIELDS,
    number(
        "days",
        f"Those that began to fire in so many days; {USUAL_RANGE} if not given.",
        enum=[*RANGES],
    ),
    query("name", "Name of the alerts; may be repeated.", many=True),
    query("service", "Slug of the service, or `none`: none was found; may be repeated.", many=True),
    query("team", "Slug of the team that hears of them; may be repeated.", many=True),
    query("suggestion", "What is suggested; may be repeated.", enum=Suggestion.values, many=True),
    query(
        "order",
        "`times` if not given. The most come first; of `acted_upon` what people act upon least.",
        enum=list(ORDERS),
    ),
    *PAGED,
]


class AlertNames(AlertsView):
    @extend_schema(
        operation_id="alert_names_list",
        parameters=ASKED,
        responses=page_of(AlertNameSerializer),
    )
    def get(self, request):
        """Names of alerts that fired lately: how often, what people made of them, what to do."""
        params = request.query_params
        names = chosen(params, NAMES, default=NAMES)
        report = Report(request.user, params, clock.now())
        rows = ({name: row[name] for name in names} for row in map(shown, report.lines))
        return self.computed(list(rows), f"alert-names-{report.order}")
