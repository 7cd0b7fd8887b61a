from django.urls import path

from .channels import views as channels
from .deliveries import views
from .watches.views import watched

app_name = "notifications"
urlpatterns = [
    path("", views.deliveries, name="deliveries"),
    path("<int:pk>/", views.delivery, name="delivery"),
    path("<int:pk>/send-again/", views.send_again, name="send-again"),
    path("channels/", channels.channels, name="channels"),
    path("channels/new/", channels.new_channel, name="new-channel"),
    path("channels/<slug:slug>/", channels.channel, name="channel"),
    path("channels/<slug:slug>/edit/", channels.edit_channel, name="edit-channel"),
    path("channels/<slug:slug>/test/", channels.test_channel, name="test-channel"),
    path("channels/<slug:slug>/rotate/", channels.rotate_secret, name="rotate-channel"),
    path("channels/<slug:slug>/delete/", channels.delete_channel, name="delete-channel"),
    path("settings/", views.preferences, name="settings"),
    path("settings/test/", views.send_test, name="send-test"),
    path("watched/", watched, name="watched"),
]
