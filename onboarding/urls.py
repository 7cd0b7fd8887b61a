from django.urls import path

from .views import assignments, figures, media, stuck

app_name = "onboarding"

urlpatterns = [
    path("media/<str:name>", media.picture, name="picture"),
    path("videos/<str:name>", media.video, name="video"),
    path("figures/", figures.overview, name="figures"),
    path("figures.csv", figures.as_csv, name="figures-csv"),
    path("stuck/", stuck.reports, name="stuck-reports"),
    path("stuck/<int:pk>/", stuck.report, name="stuck-report"),
    path("stuck/<int:pk>/settle/", stuck.settle, name="settle"),
    path("assignments/", assignments.assignments, name="assignments"),
    path("assignments/new/", assignments.new, name="new-assignment"),
    path("assignments/<int:pk>/", assignments.assignment, name="assignment"),
    path("assignments/<int:pk>/withdraw/", assignments.withdraw, name="withdraw"),
    path("<slug:slug>/", figures.guide, name="guide"),  # the page for readers takes its place
    path("<slug:slug>/figures/", figures.guide, name="guide-figures"),
    path("<slug:slug>/figures.csv", figures.steps_as_csv, name="steps-csv"),
    path("<slug:slug>/people.csv", figures.people_as_csv, name="people-csv"),
]
