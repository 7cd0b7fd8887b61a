"""Every URL prefix on one screen."""

from allauth.account.decorators import secure_admin_login
from csp.decorators import csp_update
from django.contrib import admin
from django.urls import include, path
from drf_spectacular.views import SpectacularSwaggerSplitView

from incidents.urls import oncall_urls
from portal import api, exporter, home, views
from portal.core.api.document import Document
from portal.monitoring.urls import badge_urls, intake_urls, ping_urls
from runbooks.urls import alert_urls, media_urls

admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

schema = Document.as_view()
schema.login_required = False  # type: ignore[attr-defined]  # programs fetch it with their token; it answers 401 itself

# Swagger UI sets styles on its elements: the one page with inline styles, and no inline script.
swagger = csp_update({"style-src": "'unsafe-inline'"})(
    SpectacularSwaggerSplitView.as_view(url_name="api-schema", template_name="api.html")
)
swagger.login_required = True  # type: ignore[attr-defined]  # people are led to the sign-in page

urlpatterns = [
    path("", home.home, name="home"),
    path("setup/hide/", home.hide_setup, name="hide-setup"),
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("metrics", exporter.metrics, name="metrics"),
    path("manifest.webmanifest", views.manifest, name="manifest"),
    path("runbooks/", include("runbooks.urls")),
    path("r/alert/", include(alert_urls)),
    path("search/", include("portal.search.urls")),
    path("media/", include(media_urls)),
    path("guides/", include("onboarding.urls")),
    path("incidents/", include("incidents.urls")),
    path("status/", include("incidents.statuspage.urls")),
    path("services/", include("portal.architecture.urls")),
    path("monitoring/", include("portal.monitoring.urls")),
    path("oncall/", include((oncall_urls, "oncall"))),
    path("in/", include(intake_urls)),
    path("ping/", include(ping_urls)),
    path("badge/", include(badge_urls)),
    path("notifications/", include("portal.notifications.urls")),
    path("account/", include("portal.accounts.urls")),
    path("admin-tools/", include("runbooks.documents.admin.editor")),
    path("admin/", admin.site.urls),
    path("api/v1/", include(api.urlpatterns)),
    path("api/problems/<slug:code>", views.problem, name="api-problem"),
    path("api/schema/", schema, name="api-schema"),
    path("api/", swagger, name="api-docs"),
]

handler400 = views.bad_request
handler403 = views.forbidden
handler404 = views.not_found
handler500 = views.server_error
