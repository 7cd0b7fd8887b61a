from django.urls import path

from onboarding.guides.views import pages, pdf
from onboarding.progress.views import assignments, statistics, steps
from onboarding.support.views import asked_questions, questions, stuck
from onboarding.videos.views import media, uploads

from .pictures import views as pictures
from .privacy import views as privacy

app_name = "onboarding"

urlpatterns = [
    path("", pages.guides, name="guides"),
    path("me/", privacy.me, name="me"),
    path("questions/", questions.questions, name="questions"),
    path("questions/ask/", asked_questions.ask, name="ask"),
    path("questions/asked/<int:pk>/answer/", asked_questions.answer, name="answer-question"),
    path("questions/<slug:slug>/judge/", questions.judge, name="judge"),
    path("media/<str:name>", media.picture, name="picture"),
    path("videos/<str:name>", media.video, name="video"),
    path("figures/", statistics.overview, name="figures"),
    path("figures.csv", statistics.as_csv, name="figures-csv"),
    path("stuck/", stuck.reports, name="stuck-reports"),
    path("stuck/<int:pk>/", stuck.report, name="stuck-report"),
    path("stuck/<int:pk>/read/", stuck.read, name="read-answer"),
    path("stuck/<int:pk>/settle/", stuck.settle, name="settle"),
    path("assignments/", assignments.assignments, name="assignments"),
    path("assignments/new/", assignments.new, name="new-assignment"),
    path("assignments/<int:pk>/", assignments.assignment, name="assignment"),
    path("assignments/<int:pk>/withdraw/", assignments.withdraw, name="withdraw"),
    path("<slug:slug>/", pages.guide, name="guide"),
    path("<slug:slug>/all/", pages.whole, name="whole"),
    path("<slug:slug>/watch/", pages.watch, name="watch"),
    path("<slug:slug>/unwatch/", pages.unwatch, name="unwatch"),
    path("<slug:slug>/start/", steps.start, name="start"),
    path("<slug:slug>/put-aside/", steps.put_aside, name="put-aside"),
    path("<slug:slug>/move-over/", steps.move_over, name="move-over"),
    path("<slug:slug>/acknowledge/", steps.acknowledge, name="acknowledge"),
    path("<slug:slug>/steps/<uuid:key>/", steps.step, name="step"),
    path("<slug:slug>/steps/<uuid:key>/done/", steps.done, name="done"),
    path("<slug:slug>/steps/<uuid:key>/undo/", steps.undo, name="undo"),
    path("<slug:slug>/steps/<uuid:key>/seen/", steps.seen, name="seen"),
    path("<slug:slug>/steps/<uuid:key>/stuck/", steps.stuck, name="stuck"),
    path("<slug:slug>/v<int:number>/<uuid:key>/captions.vtt", media.captions, name="captions"),
    path("<slug:slug>/v<int:number>/<uuid:key>/chapters.vtt", media.chapters, name="chapters"),
    path("<slug:slug>/figures/", statistics.guide, name="guide-figures"),
    path("<slug:slug>/figures.csv", statistics.steps_as_csv, name="steps-csv"),
    path("<slug:slug>/people.csv", statistics.people_as_csv, name="people-csv"),
    path("<slug:slug>/videos/new/", uploads.add, name="video-new"),  # portal.wsgi
    path("<slug:slug>/videos/<int:pk>/discard/", uploads.discard, name="video-discard"),
    path("<slug:slug>/pictures/", pictures.compare, name="pictures"),
    path("<slug:slug>/guide.pdf", pdf.pdf, name="pdf"),
]
