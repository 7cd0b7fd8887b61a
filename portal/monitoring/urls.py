from django.urls import URLPattern, path

from .alerts import views as alerts
from .intakes import endpoints
from .intakes import views as intakes
from .maintenance import feed
from .maintenance import views as maintenance
from .silences import views as silences

app_name = "monitoring"

urlpatterns: list[URLPattern] = [
    path("alerts/", alerts.now, name="alerts"),
    path("alerts/history/", alerts.history, name="alert-history"),
    path("alerts/<int:pk>/", alerts.alert, name="alert"),
    path("alerts/<int:pk>/acknowledge/", alerts.acknowledge, name="acknowledge-alert"),
    path("alerts/<int:pk>/judge/", alerts.judge, name="judge-alert"),
    path("alerts/<int:pk>/resolve/", alerts.resolve, name="resolve-alert"),
    path("alerts/<int:pk>/snooze/", silences.snooze, name="snooze-alert"),
    path("silences/", silences.silences, name="silences"),
    path("silences/new/", silences.new, name="new-silence"),
    path("silences/<int:pk>/", silences.silence, name="silence"),
    path("silences/<int:pk>/end/", silences.end, name="end-silence"),
    path("silences/<int:pk>/extend/", silences.extend, name="extend-silence"),
    path("maintenance/", maintenance.calendar, name="maintenance"),
    path("maintenance/new/", maintenance.new, name="new-maintenance"),
    path("maintenance/feed/<str:key>/", feed.feed, name="maintenance-feed"),
    path("maintenance/<int:pk>/", maintenance.plan, name="maintenance-plan"),
    path("maintenance/<int:pk>/cancel/", maintenance.cancel, name="cancel-maintenance"),
    path("maintenance/windows/<int:pk>/end/", maintenance.end_window, name="end-window"),
    path("intakes/", intakes.intakes, name="intakes"),
    path("intakes/new/", intakes.new, name="new-intake"),
    path("intakes/try/", intakes.try_mapping, name="try-mapping"),
    path("intakes/<int:pk>/", intakes.intake, name="intake"),
    path("intakes/<int:pk>/revoke/", intakes.revoke, name="revoke-intake"),
]

# What other tools send alerts to, below /in/: a key in the address, or in the body, opens it.
intake_urls: list[URLPattern] = [
    path("alertmanager/", endpoints.alertmanager, name="intake-bearer"),
    path("alertmanager/<str:key>/", endpoints.alertmanager, name="intake-alertmanager"),
    path("grafana/<str:key>/", endpoints.grafana, name="intake-grafana"),
    path("generic/<str:key>/", endpoints.generic, name="intake-generic"),
    path("pagerduty/v2/enqueue", endpoints.enqueue, name="intake-pagerduty"),
]

# What clients of healthchecks call, below /ping/: an address that is the key itself.
ping_urls: list[URLPattern] = []
