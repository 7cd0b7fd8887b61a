from django.urls import path

from .channels import views as channels
from .contacts import views as contacts
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
    path("settings/quiet-hours/", contacts.quiet_hours, name="quiet-hours"),
    path("settings/methods/new/", contacts.new_method, name="new-contact-method"),
    path("settings/methods/<int:pk>/", contacts.method, name="contact-method"),
    path("settings/methods/<int:pk>/code/", contacts.send_code, name="send-contact-code"),
    path("settings/methods/<int:pk>/verify/", contacts.verify, name="verify-contact-method"),
    path("settings/methods/<int:pk>/test/", contacts.test_method, name="test-contact-method"),
    path("settings/methods/<int:pk>/move/", contacts.move, name="move-contact-method"),
    path("settings/methods/<int:pk>/remove/", contacts.remove, name="remove-contact-method"),
    path("watched/", watched, name="watched"),
]
