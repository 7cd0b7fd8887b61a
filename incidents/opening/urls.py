"""Rules, below /incidents/rules/."""

from django.urls import path

from . import views

urlpatterns = [
    path("", views.rules, name="rules"),
    path("new/", views.new, name="new-rule"),
    path("try/", views.try_rules, name="try-rules"),
    path("<int:pk>/", views.rule, name="rule"),
    path("<int:pk>/edit/", views.edit, name="edit-rule"),
    path("<int:pk>/move/", views.move, name="move-rule"),
    path("<int:pk>/remove/", views.remove, name="remove-rule"),
]
