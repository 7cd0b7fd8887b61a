from django.urls import path

from .results import views

urlpatterns = [path("", views.search, name="search")]
