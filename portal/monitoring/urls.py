from django.urls import URLPattern, path

from .alerts import views as alerts
from .heartbeats.views import badges, heartbeats, keys, pings
from .intakes import endpoints
from .intakes import views as intakes
from .maintenance import feed
from .maintenance import views as maintenance
from .ratings import views as ratings
from .silences import views as silences

app_name = "monitoring"

HEARTBEAT = "heartbeats/<int:pk>/"

urlpatterns: list[URLPattern] = [
    path("alerts/", alerts.now, name="alerts"),
    path("alerts/history/", alerts.history, name="alert-history"),
    path("alerts/noise/", ratings.noise, name="noise"),
    path("alerts/noise/csv/", ratings.noise_csv, name="noise-csv"),
    path("alerts/<int:pk>/", alerts.alert, name="alert"),
    path("alerts/<int:pk>/acknowledge/", alerts.acknowledge, name="acknowledge-alert"),
    path("alerts/<int:pk>/rate/", alerts.rate, name="rate-alert"),
    path("alerts/<int:pk>/resolve/", alerts.resolve, name="resolve-alert"),
    path("alerts/<int:pk>/snooze/", silences.snooze, name="snooze-alert"),
    path("rate/<str:key>/", ratings.by_link, name="rate-by-link"),
    path("silences/", silences.silences, name="silences"),
    path("silences/new/", silences.new, name="new-silence"),
    path("silences/<int:pk>/", silences.silence, name="silence"),
    path("silences/<int:pk>/edit/", silences.edit, name="edit-silence"),
    path("silences/<int:pk>/end/", silences.end, name="end-silence"),
    path("silences/<int:pk>/extend/", silences.extend, name="extend-silence"),
    path("maintenance/", maintenance.calendar, name="maintenance"),
    path("maintenance/new/", maintenance.new, name="new-maintenance"),
    path("maintenance/new-feed/", maintenance.renew_feed, name="renew-maintenance-feed"),
    path("maintenance/feed/<str:key>/", feed.feed, name="maintenance-feed"),
    path("maintenance/<int:pk>/", maintenance.plan, name="maintenance-plan"),
    path("maintenance/<int:pk>/edit/", maintenance.edit, name="edit-maintenance"),
    path("maintenance/<int:pk>/cancel/", maintenance.cancel, name="cancel-maintenance"),
    path("maintenance/windows/<int:pk>/end/", maintenance.end_window, name="end-window"),
    path("intakes/", intakes.intakes, name="intakes"),
    path("intakes/new/", intakes.new, name="new-intake"),
    path("intakes/try/", intakes.try_mapping, name="try-mapping"),
    path("intakes/<int:pk>/", intakes.intake, name="intake"),
    path("intakes/<int:pk>/edit/", intakes.edit, name="edit-intake"),
    path("intakes/<int:pk>/renew-key/", intakes.renew_key, name="renew-intake-key"),
    path("intakes/<int:pk>/renew-secret/", intakes.renew_secret, name="renew-intake-secret"),
    path("intakes/<int:pk>/revoke/", intakes.revoke, name="revoke-intake"),
    path("heartbeats/", heartbeats.heartbeats, name="heartbeats"),
    path("heartbeats/new/", heartbeats.new, name="new-heartbeat"),
    path("heartbeats/next-runs/", heartbeats.next_runs, name="next-runs"),
    path("heartbeats/keys/", keys.keys, name="ping-keys"),
    path("heartbeats/keys/new/", keys.issue, name="issue-ping-key"),
    path("heartbeats/keys/<int:pk>/revoke/", keys.revoke, name="revoke-ping-key"),
    path(HEARTBEAT, heartbeats.heartbeat, name="heartbeat"),
    path(HEARTBEAT + "edit/", heartbeats.edit, name="edit-heartbeat"),
    path(HEARTBEAT + "pause/", heartbeats.pause, name="pause-heartbeat"),
    path(HEARTBEAT + "resume/", heartbeats.resume, name="resume-heartbeat"),
    path(HEARTBEAT + "rotate/", heartbeats.rotate, name="rotate-heartbeat"),
    path(HEARTBEAT + "delete/", heartbeats.delete, name="delete-heartbeat"),
    path(HEARTBEAT + "pings/<int:number>/", heartbeats.ping, name="heartbeat-ping"),
    path(
        HEARTBEAT + "instances/<int:number>/forget/",
        heartbeats.forget_instance,
        name="forget-instance",
    ),
]

# What other tools send alerts to, below /in/: a key in the address, or in the body, opens it.
intake_urls: list[URLPattern] = [
    path("alertmanager/", endpoints.alertmanager, name="intake-bearer"),
    path("alertmanager/<str:key>/", endpoints.alertmanager, name="intake-alertmanager"),
    path("grafana/<str:key>/", endpoints.grafana, name="intake-grafana"),
    path("generic/<str:key>/", endpoints.generic, name="intake-generic"),
    path("pagerduty/v2/enqueue", endpoints.enqueue, name="intake-pagerduty"),
]

# What clients of healthchecks call, below /ping/: an address that is the key itself. Each also
# with a last slash (core/web/probes.py).
ping_urls: list[URLPattern] = [
    path("<uuid:code>", pings.by_uuid, name="ping"),
    path("<uuid:code>/<str:action>", pings.by_uuid, name="ping-signal"),
    path("<slug:key>/<slug:slug>", pings.by_slug, name="ping-slug"),
    path("<slug:key>/<slug:slug>/<str:action>", pings.by_slug, name="ping-slug-signal"),
    path("<path:rest>", pings.nowhere, name="ping-nowhere"),
]

# How one heartbeat stands, as a picture for a README or a wall, below /badge/.
badge_urls: list[URLPattern] = [
    path("<uuid:key>.svg", badges.picture, name="badge"),
    path("<uuid:key>.json", badges.facts, name="badge-json"),
]
