"""Addresses of the web pages; `portal.urls` gives the lists below their prefixes."""

from django.urls import path

from runbooks.documents.views import (
    comparison,
    description,
    editor,
    images,
    new,
    pages,
    review,
    runbook,
)
from runbooks.files import views as imports
from runbooks.runs.views import log, run

from .alerts import views

app_name = "runbooks"

urlpatterns = [
    path("", pages.runbooks, name="list"),
    path("new/", new.new, name="new"),
    path("gaps/", views.gaps, name="gaps"),
    path("gaps/<int:pk>/dismiss/", views.dismiss, name="dismiss-gap"),
    path("gaps/<int:pk>/take-back/", views.take_back, name="take-back-gap"),
    path("preview/", editor.preview, name="preview"),
    path("autosave/", editor.autosave, name="autosave"),
    path("upload/", images.upload, name="upload"),
    path("import/", imports.files, name="import"),
    path("draft-alert/", views.draft, name="draft-alert"),
    path("runs/", log.runs, name="runs"),
    path("runs/<int:pk>/", run.run, name="run"),
    path("runs/<int:pk>/steps/<int:number>/", run.step, name="run-step"),
    path("runs/<int:pk>/steps/<int:number>/typed/", run.typed, name="run-typed"),
    path("runs/<int:pk>/note/", run.note, name="run-note"),
    path("runs/<int:pk>/hand-over/", run.hand_over, name="run-hand-over"),
    path("runs/<int:pk>/end/", run.end, name="run-end"),
    path("deployments/", log.log, name="deployments"),
    path("deployments/calendar/", log.calendar, name="deployment-calendar"),
    path("deployments.csv", log.as_csv, name="deployments-csv"),
    path("deployments.json", log.as_json, name="deployments-json"),
    path("<slug:slug>/run/", run.start, name="start-run"),
    path("<slug:slug>/figures/", log.figures, name="figures"),
    path("<slug:slug>/", pages.detail, name="detail"),
    path("<slug:slug>/history/", pages.history, name="history"),
    path("<slug:slug>/compare/", comparison.pick, name="compare-pick"),
    path("<slug:slug>/compare/<int:old>/<int:new>/", comparison.compare, name="compare"),
    path("<slug:slug>/edit/", editor.edit, name="edit"),
    path("<slug:slug>/about/", description.describe, name="describe"),
    path("<slug:slug>/versions/<int:number>/", pages.version, name="version"),
    path("<slug:slug>/versions/<int:number>/review/", comparison.review, name="review"),
    path("<slug:slug>/versions/<int:number>/submit/", review.submit, name="submit"),
    path("<slug:slug>/versions/<int:number>/approve/", review.approve, name="approve"),
    path("<slug:slug>/versions/<int:number>/reject/", review.reject, name="reject"),
    path("<slug:slug>/versions/<int:number>/publish/", review.publish, name="publish"),
    path("<slug:slug>/versions/<int:number>/withdraw/", review.withdraw, name="withdraw"),
    path("<slug:slug>/versions/<int:number>/restore/", review.restore, name="restore"),
    path("<slug:slug>/archive/", runbook.archive, name="archive"),
    path("<slug:slug>/unarchive/", runbook.unarchive, name="unarchive"),
    path("<slug:slug>/confirm-review/", runbook.confirm_review, name="confirm-review"),
    path("<slug:slug>/feedback/", runbook.feedback, name="feedback"),
    path("<slug:slug>/watch/", runbook.watch, name="watch"),
    path("<slug:slug>/unwatch/", runbook.unwatch, name="unwatch"),
]

alert_urls = [path("<path:name>", views.alert, name="alert")]
media_urls = [path("<str:name>", images.image, name="image")]
