"""Every REST route on one screen."""

from django.urls import path

from onboarding.guides.api import guides
from onboarding.guides.api import verbs as guide_verbs
from onboarding.progress.api import assignments, progress
from onboarding.progress.api import statistics as guide_figures
from onboarding.support.api import questions, stuck
from portal.accounts.api.teams import Teams
from portal.architecture.catalog.api import configuration, documents, reach
from portal.architecture.diagrams import api
from portal.notifications.deliveries.api import Deliveries
from portal.search.api import SearchResults
from runbooks.alerts import api as alerts
from runbooks.documents import serializers
from runbooks.documents.api import runbooks, sections, verbs
from runbooks.runs import api as runs
from runbooks.runs import serializers as run_says

GUIDE = "guides/<slug:slug>/"
GUIDE_STEP = GUIDE + "progress/steps/<uuid:key>/"
GUIDE_VERSION = GUIDE + "versions/<int:number>/"
RUNBOOK = "runbooks/<slug:slug>/"
SERVICE = "services/<slug:slug>/"
RUN = "runs/<int:pk>/"
STEP = RUN + "steps/<int:number>/"
VERSION = RUNBOOK + "versions/<int:number>/"

routes = [
    path("runbooks/", runbooks.RunbookList.as_view(), name="runbooks"),
    path(RUNBOOK, runbooks.Detail.as_view(), name="runbook"),
    path(RUNBOOK + "steps/", runbooks.Steps.as_view(), name="steps"),
    path(RUNBOOK + "versions/", runbooks.VersionList.as_view(), name="versions"),
    path(VERSION, runbooks.VersionDetail.as_view(), name="version"),
    path(RUNBOOK + "compare/<int:old>/<int:new>/", runbooks.Compare.as_view(), name="compare"),
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
            serializers.DecisionSerializer,
        ),
        name="approve",
    ),
    path(
        VERSION + "reject/",
        verbs.deciding(
            "reject",
            "runbooks.approve_version",
            "Send it back with what to change; not by its author.",
            serializers.RejectionSerializer,
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
    path(RUNBOOK + "runs/", runs.RunsOf.as_view(), name="start-run"),
    path(RUNBOOK + "figures/", runs.FiguresOf.as_view(), name="figures"),
    path("runs/", runs.RunList.as_view(), name="runs"),
    path("deployments/", runs.Deployments.as_view(), name="deployments"),
    path(RUN, runs.RunDetail.as_view(), name="run"),
    path(RUN + "rollbacks/", runs.RollbacksOf.as_view(), name="run-rollbacks"),
    path(RUN + "log/", runs.RunEntries.as_view(), name="run-log"),
    path(RUN + "hand-over/", runs.HandOver.as_view(), name="run-hand-over"),
    path(RUN + "finish/", runs.End.as_view(), name="run-finish"),
    path(
        STEP + "complete/",
        runs.stepping(
            "complete_step",
            run_says.CompleteSerializer,
            "Tick a step; a second tick adds its note.",
        ),
        name="complete-step",
    ),
    path(
        STEP + "confirm/",
        runs.stepping(
            "confirm_step", run_says.RemarkSerializer, "Agree as a second person that it was done."
        ),
        name="confirm-step",
    ),
    path(
        STEP + "fail/",
        runs.stepping(
            "fail_step", run_says.ReasonSerializer, "Say why it did not work; asks for a review."
        ),
        name="fail-step",
    ),
    path(
        STEP + "skip/",
        runs.stepping("skip_step", run_says.ReasonSerializer, "Leave it out, and say why."),
        name="skip-step",
    ),
    path(
        STEP + "retry/",
        runs.stepping("retry_step", run_says.RemarkSerializer, "Open a settled step again."),
        name="retry-step",
    ),
    path("alerts/<path:name>/", alerts.Alert.as_view(), name="alert"),
    path("gaps/", alerts.Gaps.as_view(), name="gaps"),
    path("search/", SearchResults.as_view(), name="search"),
    path("sections/", sections.Sections.as_view(), name="sections"),
    path("services/", documents.Services.as_view(), name="services"),
    path(SERVICE, documents.of_document("services", "service"), name="service"),
    path(SERVICE + "needs/", reach.Needs.as_view(), name="needs"),
    path(SERVICE + "dependents/", reach.Dependents.as_view(), name="dependents"),
    path("zones/", documents.of_list("zones"), name="zones"),
    path("zones/<slug:slug>/", documents.of_document("zones", "zone"), name="zone"),
    path("integrations/", documents.of_list("integrations"), name="integrations"),
    path(
        "integrations/<slug:slug>/",
        documents.of_document("integrations", "integration"),
        name="integration",
    ),
    path(
        "integrations/<slug:slug>/dependents/",
        reach.Users.as_view(),
        name="integration-dependents",
    ),
    path(
        "catalog/configuration/",
        configuration.Configuration.as_view(),
        name="catalog-configuration",
    ),
    path("catalog/findings/", reach.Findings.as_view(), name="catalog-findings"),
    path("diagrams/<slug:view>/", api.Diagram.as_view(), name="diagram"),
    path("diagrams/<slug:view>/svg/", api.DiagramSvg.as_view(), name="diagram-svg"),
    path(
        "diagrams/<slug:view>/mermaid/",
        api.DiagramMermaid.as_view(),
        name="diagram-mermaid",
    ),
    path("deliveries/", Deliveries.as_view(), name="deliveries"),
    path("guides/", guides.GuideList.as_view(), name="guides"),
    path("guides/figures/", guide_figures.GuidesFigures.as_view(), name="guides-figures"),
    path(GUIDE, guides.GuideDetail.as_view(), name="guide"),
    path(GUIDE + "publish/", guide_verbs.Publish.as_view(), name="publish-guide"),
    path(
        GUIDE + "archive/",
        guide_verbs.acting("archive", "Take it out of lists; who began it may finish."),
        name="archive-guide",
    ),
    path(
        GUIDE + "unarchive/",
        guide_verbs.acting("unarchive", "Take it back into the lists."),
        name="unarchive-guide",
    ),
    path(GUIDE + "versions/", guides.GuideVersionList.as_view(), name="guide-versions"),
    path(GUIDE_VERSION, guides.GuideVersionDetail.as_view(), name="guide-version"),
    path(
        GUIDE_VERSION + "figures/",
        guide_figures.GuideVersionFigures.as_view(),
        name="guide-version-figures",
    ),
    path(GUIDE + "figures/", guide_figures.GuideFigures.as_view(), name="guide-figures"),
    path(GUIDE + "people/", guide_figures.GuidePeople.as_view(), name="guide-people"),
    path(GUIDE + "progress/", progress.ProgressOf.as_view(), name="guide-progress"),
    path(
        GUIDE + "progress/move-over/",
        progress.verb("move_over", "Go on with the published version; ticks stay."),
        name="guide-move-over",
    ),
    path(
        GUIDE + "progress/acknowledge/",
        progress.verb("acknowledge", "Confirm that you read and understood it, where asked."),
        name="guide-acknowledge",
    ),
    path(GUIDE_STEP + "view/", progress.ViewStep.as_view(), name="view-guide-step"),
    path(
        GUIDE_STEP + "done/",
        progress.stepping("done", "Tick a step; the last tick completes the guide."),
        name="do-guide-step",
    ),
    path(
        GUIDE_STEP + "undo/",
        progress.stepping("undo", "Take a tick back; a completed guide stays completed."),
        name="undo-guide-step",
    ),
    path("progress/", progress.MyProgress.as_view(), name="my-progress"),
    path("progress/<int:pk>/", progress.ProgressDetail.as_view(), name="progress"),
    path("stuck-reports/", stuck.StuckReports.as_view(), name="stuck-reports"),
    path("stuck-reports/<int:pk>/", stuck.StuckReportDetail.as_view(), name="stuck-report"),
    path("stuck-reports/<int:pk>/settle/", stuck.Settle.as_view(), name="settle-report"),
    path("assignments/", assignments.Assignments.as_view(), name="assignments"),
    path("assignments/<int:pk>/", assignments.AssignmentDetail.as_view(), name="assignment"),
    path(
        "assignments/<int:pk>/withdraw/", assignments.Withdraw.as_view(), name="withdraw-assignment"
    ),
    path("questions/", questions.Questions.as_view(), name="questions"),
    path("questions/<slug:slug>/", questions.QuestionDetail.as_view(), name="question"),
    path("questions/<slug:slug>/feedback/", questions.Judge.as_view(), name="judge-question"),
    path("teams/", Teams.as_view(), name="teams"),
]
urlpatterns = (routes, "api")
