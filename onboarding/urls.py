from django.urls import path

from .views import (
    about_me,
    assignments,
    figures,
    following,
    media,
    pictures,
    printing,
    questions,
    reading,
    stuck,
    videos,
)

app_name = "onboarding"

urlpatterns = [
    path("", reading.guides, name="guides"),
    path("me/", about_me.me, name="me"),
    path("questions/", questions.questions, name="questions"),
    path("questions/<slug:slug>/judge/", questions.judge, name="judge"),
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
    path("videos/<int:pk>/captions.vtt", media.captions, name="captions"),
    path("videos/<int:pk>/chapters.vtt", media.chapters, name="chapters"),
    path("<slug:slug>/", reading.guide, name="guide"),
    path("<slug:slug>/all/", reading.whole, name="whole"),
    path("<slug:slug>/start/", following.start, name="start"),
    path("<slug:slug>/move-over/", following.move_over, name="move-over"),
    path("<slug:slug>/acknowledge/", following.acknowledge, name="acknowledge"),
    path("<slug:slug>/steps/<uuid:key>/", following.step, name="step"),
    path("<slug:slug>/steps/<uuid:key>/done/", following.done, name="done"),
    path("<slug:slug>/steps/<uuid:key>/undo/", following.undo, name="undo"),
    path("<slug:slug>/steps/<uuid:key>/seen/", following.seen, name="seen"),
    path("<slug:slug>/steps/<uuid:key>/stuck/", following.stuck, name="stuck"),
    path("<slug:slug>/figures/", figures.guide, name="guide-figures"),
    path("<slug:slug>/figures.csv", figures.steps_as_csv, name="steps-csv"),
    path("<slug:slug>/people.csv", figures.people_as_csv, name="people-csv"),
    path("<slug:slug>/videos/new/", videos.add, name="video-new"),  # portal.wsgi
    path("<slug:slug>/pictures/", pictures.compare, name="pictures"),
    path("<slug:slug>/guide.pdf", printing.pdf, name="pdf"),
]
