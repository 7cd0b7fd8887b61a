"""Addresses of the web pages; `portal.urls` gives the lists below their prefixes."""

from django.urls import path

from .views import (
    alerts,
    comparing,
    deployments,
    describing,
    images,
    keeping,
    reading,
    reviewing,
    running,
    starting,
    writing,
)

app_name = "runbooks"

urlpatterns = [
    path("", reading.runbooks, name="list"),
    path("new/", starting.new, name="new"),
    path("gaps/", alerts.gaps, name="gaps"),
    path("preview/", writing.preview, name="preview"),
    path("autosave/", writing.autosave, name="autosave"),
    path("upload/", images.upload, name="upload"),
    path("draft-alert/", alerts.draft, name="draft-alert"),
    path("runs/", deployments.runs, name="runs"),
    path("runs/<int:pk>/", running.run, name="run"),
    path("runs/<int:pk>/steps/<int:number>/", running.step, name="run-step"),
    path("runs/<int:pk>/steps/<int:number>/typed/", running.typed, name="run-typed"),
    path("runs/<int:pk>/note/", running.note, name="run-note"),
    path("runs/<int:pk>/hand-over/", running.hand_over, name="run-hand-over"),
    path("runs/<int:pk>/end/", running.end, name="run-end"),
    path("deployments/", deployments.log, name="deployments"),
    path("deployments/calendar/", deployments.calendar, name="deployment-calendar"),
    path("deployments.csv", deployments.as_csv, name="deployments-csv"),
    path("deployments.json", deployments.as_json, name="deployments-json"),
    path("<slug:slug>/run/", running.start, name="start-run"),
    path("<slug:slug>/figures/", deployments.figures, name="figures"),
    path("<slug:slug>/", reading.detail, name="detail"),
    path("<slug:slug>/history/", reading.history, name="history"),
    path("<slug:slug>/compare/", comparing.pick, name="compare-pick"),
    path("<slug:slug>/compare/<int:old>/<int:new>/", comparing.compare, name="compare"),
    path("<slug:slug>/edit/", writing.edit, name="edit"),
    path("<slug:slug>/about/", describing.describe, name="describe"),
    path("<slug:slug>/versions/<int:number>/", reading.version, name="version"),
    path("<slug:slug>/versions/<int:number>/review/", comparing.review, name="review"),
    path("<slug:slug>/versions/<int:number>/submit/", reviewing.submit, name="submit"),
    path("<slug:slug>/versions/<int:number>/approve/", reviewing.approve, name="approve"),
    path("<slug:slug>/versions/<int:number>/reject/", reviewing.reject, name="reject"),
    path("<slug:slug>/versions/<int:number>/publish/", reviewing.publish, name="publish"),
    path("<slug:slug>/versions/<int:number>/withdraw/", reviewing.withdraw, name="withdraw"),
    path("<slug:slug>/versions/<int:number>/restore/", reviewing.restore, name="restore"),
    path("<slug:slug>/archive/", keeping.archive, name="archive"),
    path("<slug:slug>/unarchive/", keeping.unarchive, name="unarchive"),
    path("<slug:slug>/merge/", keeping.merge, name="merge"),
    path("<slug:slug>/confirm-review/", keeping.confirm_review, name="confirm-review"),
    path("<slug:slug>/feedback/", keeping.feedback, name="feedback"),
]

alert_urls = [path("<path:name>", alerts.alert, name="alert")]
media_urls = [path("<str:name>", images.image, name="image")]
