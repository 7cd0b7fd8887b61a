from django.urls import path

from .deliveries import views
from .watches.views import watched

app_name = "notifications"
urlpatterns = [
    path("", views.deliveries, name="deliveries"),
    path("settings/", views.preferences, name="settings"),
    path("watched/", watched, name="watched"),
]
