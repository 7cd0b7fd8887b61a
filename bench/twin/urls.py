"""The addresses of the portal that are measured, so that both are asked the same."""

from django.contrib.auth.views import LoginView, LogoutView
from django.urls import include, path
from django.views.decorators.http import conditional_page
from rest_framework.routers import DefaultRouter

from bench.twin import api, pages

router = DefaultRouter()
router.register("runbooks", api.RunbookViewSet)

runbooks = [
    path("", pages.RunbookList.as_view(), name="list"),
    path("runs/<int:pk>/", pages.RunPage.as_view(), name="run"),
    path("<slug:slug>/", pages.RunbookPage.as_view(), name="detail"),
]
services = [path("<slug:slug>/", pages.ServicePage.as_view(), name="service")]

urlpatterns = [
    path("", pages.Home.as_view(), name="home"),
    path("login/", LoginView.as_view(), name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("search/", pages.Search.as_view(), name="search"),
    path("runbooks/", include((runbooks, "runbooks"))),
    path("services/", include((services, "architecture"))),
    path("services/diagrams/network/", pages.Diagram.as_view(), name="diagram"),
    path("ping/<uuid:code>", pages.ping, name="ping"),
    path("in/alertmanager/<str:key>/", pages.webhook, name="webhook"),
    path("services/diagrams/network.svg", pages.picture, name="picture"),
    # what Django offers to answer 304, where it is asked for
    path(
        "api/v1/runbooks/<slug:slug>/",
        conditional_page(api.RunbookViewSet.as_view({"get": "retrieve"})),
    ),
    path("api/v1/", include(router.urls)),
]
