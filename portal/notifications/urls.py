from django.urls import path

from .deliveries import views

app_name = "notifications"
urlpatterns = [
    path("", views.deliveries, name="deliveries"),
]
