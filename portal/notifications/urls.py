from django.urls import path

from .deliveries import views
from .watches.views import watched

app_name = "notifications"
urlpatterns = [
    path("", views.deliveries, name="deliveries"),
    path("settings/", views.preferences, name="settings"),
    path("settings/test/", views.send_test, name="send-test"),
    path("watched/", watched, name="watched"),
]
