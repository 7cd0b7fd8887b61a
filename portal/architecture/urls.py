from django.urls import path

from . import views

app_name = "architecture"

urlpatterns = [
    path("", views.services, name="services"),
    path("<slug:slug>/", views.service, name="service"),
]
