"""Every REST route on one screen."""

from django.urls import path

from portal.accounts.api import Teams
from portal.architecture.api import Services
from runbooks import serializers as says
from runbooks.api import alerts, catalog, reading, verbs

RUNBOOK = "runbooks/<slug:slug>/"
VERSION = RUNBOOK + "versions/<int:number>/"

routes = [
    path("runbooks/", reading.RunbookList.as_view(), name="runbooks"),
    path(RUNBOOK, reading.Detail.as_view(), name="runbook"),
    path(RUNBOOK + "steps/", reading.Steps.as_view(), name="steps"),
    path(RUNBOOK + "versions/", reading.VersionList.as_view(), name="versions"),
    path(VERSION, reading.VersionDetail.as_view(), name="version"),
    path(RUNBOOK + "compare/<int:old>/<int:new>/", reading.Compare.as_view(), name="compare"),
    path(
        VERSION + "submit/",
        verbs.deciding("submit", "runbooks.change_runbook", "Ask for a review of a draft."),
        name="submit",
    ),
    path(
        VERSION + "approve/",
        verbs.deciding(
            "approve",
            "runbooks.approve_version",
            "Say that it may be published; not by its author.",
            says.DecisionSerializer,
        ),
        name="approve",
    ),
    path(
        VERSION + "reject/",
        verbs.deciding(
            "reject",
            "runbooks.approve_version",
            "Send it back with what to change; not by its author.",
            says.RejectionSerializer,
        ),
        name="reject",
    ),
    path(
        VERSION + "publish/",
        verbs.deciding("publish", "runbooks.publish_version", "Show an approved version to all."),
        name="publish",
    ),
    path(
        VERSION + "withdraw/",
        verbs.deciding("withdraw", "runbooks.change_runbook", "Give up an open version."),
        name="withdraw",
    ),
    path(RUNBOOK + "restore/", verbs.Restore.as_view(), name="restore"),
    path(
        RUNBOOK + "archive/",
        verbs.acting("archive", "runbooks.archive_runbook", "Take it out of lists and search."),
        name="archive",
    ),
    path(
        RUNBOOK + "unarchive/",
        verbs.acting(
            "unarchive", "runbooks.archive_runbook", "Take it back into lists and search."
        ),
        name="unarchive",
    ),
    path(
        RUNBOOK + "confirm-review/",
        verbs.acting("confirm_review", "runbooks.change_runbook", "Say that it is still true."),
        name="confirm-review",
    ),
    path(RUNBOOK + "merge/", verbs.Merge.as_view(), name="merge"),
    path(RUNBOOK + "feedback/", verbs.FeedbackOf.as_view(), name="feedback"),
    path("alerts/<path:name>/", alerts.Alert.as_view(), name="alert"),
    path("gaps/", alerts.Gaps.as_view(), name="gaps"),
    path("search/", reading.SearchResults.as_view(), name="search"),
    path("sections/", catalog.Sections.as_view(), name="sections"),
    path("services/", Services.as_view(), name="services"),
    path("teams/", Teams.as_view(), name="teams"),
]
urlpatterns = (routes, "api")
