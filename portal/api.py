"""Every REST route on one screen."""

from django.urls import path

from incidents.communication.api import serializers as says_communication
from incidents.communication.api import views as communications
from incidents.escalation.api import views as escalation
from incidents.oncall.api import changes as shift_changes
from incidents.oncall.api import oncall, rotations
from incidents.opening.api import serializers as says_rule
from incidents.opening.api import views as incident_rules
from incidents.room.api import incidents, severities
from incidents.room.api import lines as incident_record
from incidents.room.api import verbs as incident_verbs
from incidents.statuspage.api import Status
from onboarding.guides.api import guides
from onboarding.guides.api import verbs as guide_verbs
from onboarding.guides.api.examples import VIEW_EXAMPLE
from onboarding.pictures.api import GuidePicture, GuidePictures
from onboarding.progress.api import assignments, progress
from onboarding.progress.api import statistics as guide_figures
from onboarding.progress.serializers import ViewedSerializer
from onboarding.support.api import questions, stuck
from onboarding.videos.api import GuideFilm, GuideFilms
from portal.accounts.api.directory import People
from portal.accounts.api.me import Me
from portal.accounts.api.teams import Teams
from portal.architecture.catalog.api import configuration, documents, reach
from portal.architecture.catalog.api.watches import WatchService
from portal.architecture.diagrams import api
from portal.core.api.root import Root
from portal.monitoring.alerts.api import explanation
from portal.monitoring.alerts.api import views as came
from portal.monitoring.heartbeats.api import keys as ping_keys
from portal.monitoring.heartbeats.api import views as heartbeats
from portal.monitoring.intakes.api import views as intakes
from portal.monitoring.maintenance.api import views as maintenance
from portal.monitoring.ratings.api import views as alert_names
from portal.monitoring.silences.api import serializers as says_silence
from portal.monitoring.silences.api import views as silences
from portal.notifications.channels import api as channels
from portal.notifications.contacts import api as contacts
from portal.notifications.deliveries.api import Deliveries, DeliveryDetail, Expire, SendAgain
from portal.notifications.watches.api import MyWatched
from portal.search.results.api import SearchResults
from runbooks.alerts import api as alerts
from runbooks.documents import serializers
from runbooks.documents.api import media, runbooks, sections, verbs, versions
from runbooks.models.runs import FOLLOW
from runbooks.runs import serializers as run_says
from runbooks.runs.api import log, runs
from runbooks.runs.api import verbs as run_verbs

OnVersion, OnRunbook, OnStep = verbs.OnVersion, verbs.OnRunbook, run_verbs.OnStep
OnGuide, OnProgress, OnGuideStep = guide_verbs.OnGuide, progress.OnProgress, progress.OnGuideStep

ALERT = "alerts/<int:pk>/"
GUIDE = "guides/<slug:slug>/"
GUIDE_STEP = GUIDE + "progress/steps/<uuid:key>/"
GUIDE_VERSION = GUIDE + "versions/<int:number>/"
METHOD = "me/contact-methods/<int:pk>/"
INCIDENT = "incidents/<int:number>/"
COMMUNICATION = "incidents/<int:number>/communications/<int:pk>/"
HEARTBEAT = "heartbeats/<int:pk>/"
ROTATION = "rotations/<slug:slug>/"
POLICY = "escalation-policies/<slug:slug>/"
OVERRIDE = ROTATION + "overrides/<int:pk>/"
SWAP = ROTATION + "swaps/<int:pk>/"
RUNBOOK = "runbooks/<slug:slug>/"
CHANNEL = "channels/<slug:slug>/"
SERVICE = "services/<slug:slug>/"
RUN = "runs/<int:pk>/"
STEP = RUN + "steps/<int:number>/"
VERSION = RUNBOOK + "versions/<int:number>/"

routes = [
    path("runbooks/", runbooks.RunbookList.as_view(), name="runbooks"),
    path(RUNBOOK, runbooks.Detail.as_view(), name="runbook"),
    path(RUNBOOK + "steps/", runbooks.Steps.as_view(), name="steps"),
    path(RUNBOOK + "versions/", versions.VersionList.as_view(), name="versions"),
    path(VERSION, versions.VersionDetail.as_view(), name="version"),
    path(RUNBOOK + "compare/<int:old>/<int:new>/", versions.Compare.as_view(), name="compare"),
    path(
        VERSION + "submit/",
        OnVersion.to("submit", "Ask for a review of a draft.", "runbooks.change_runbook"),
        name="submit",
    ),
    path(
        VERSION + "approve/",
        OnVersion.to(
            "approve",
            "Say that it may be published; not by its author.",
            "runbooks.approve_version",
            takes=serializers.DecisionSerializer,
        ),
        name="approve",
    ),
    path(
        VERSION + "reject/",
        OnVersion.to(
            "reject",
            "Send it back with what to change; not by its author.",
            "runbooks.approve_version",
            takes=serializers.RejectionSerializer,
        ),
        name="reject",
    ),
    path(
        VERSION + "publish/",
        OnVersion.to("publish", "Show an approved version to all.", "runbooks.publish_version"),
        name="publish",
    ),
    path(
        VERSION + "withdraw/",
        OnVersion.to("withdraw", "Give up an open version.", "runbooks.change_runbook"),
        name="withdraw",
    ),
    path(
        RUNBOOK + "restore/",
        verbs.Restore.to(
            "restore", "Draft a new version that copies an old one.", "runbooks.change_runbook"
        ),
        name="restore",
    ),
    path(
        RUNBOOK + "archive/",
        OnRunbook.to("archive", "Take it out of lists and search.", "runbooks.archive_runbook"),
        name="archive",
    ),
    path(
        RUNBOOK + "unarchive/",
        OnRunbook.to(
            "unarchive", "Unarchive it: back into lists and search.", "runbooks.archive_runbook"
        ),
        name="unarchive",
    ),
    path(
        RUNBOOK + "confirm-review/",
        OnRunbook.to(
            "confirm_review", "Mark it as reviewed: it is still true.", "runbooks.change_runbook"
        ),
        name="confirm-review",
    ),
    path(
        RUNBOOK + "merge/",
        verbs.Merge.to(
            "merge",
            "Let another runbook stand for this one: its page and its alerts lead there. Here it"
            " stays readable, archived, with `merged_into`.",
            "runbooks.merge_runbook",
        ),
        name="merge",
    ),
    path(
        RUNBOOK + "watch/",
        verbs.WatchRunbook.to("watch", "Get a message when it changes; twice is once."),
        name="watch-runbook",
    ),
    path(
        RUNBOOK + "unwatch/",
        verbs.WatchRunbook.to("unwatch", "Get no message any more when it changes."),
        name="unwatch-runbook",
    ),
    path(RUNBOOK + "feedback/", verbs.FeedbackOf.as_view(), name="feedback"),
    path(RUNBOOK + "runs/", runs.RunsOf.as_view(), name="start-run"),
    path(RUNBOOK + "figures/", runs.FiguresOf.as_view(), name="figures"),
    path("runs/", runs.RunList.as_view(), name="runs"),
    path("deployments/", runs.Deployments.as_view(), name="deployments"),
    path(RUN, runs.RunDetail.as_view(), name="run"),
    path(RUN + "rollbacks/", runs.RollbacksOf.as_view(), name="run-rollbacks"),
    path(RUN + "log/", log.RunEntries.as_view(), name="run-log"),
    path(RUN + "log/<int:entry>/", log.RunEntry.as_view(), name="run-entry"),
    path(
        RUN + "hand-over/",
        run_verbs.HandOver.to(
            "hand_over",
            "Give the lead to somebody else who may follow runbooks.",
        ),
        name="run-hand-over",
    ),
    path(
        RUN + "finish/",
        run_verbs.End.to(
            "finish",
            "End it: succeeded (every step done or skipped), failed, rolled_back or aborted.",
        ),
        name="run-finish",
    ),
    path(
        STEP + "complete/",
        OnStep.to(
            "complete_step",
            "Tick a step; a second tick adds its note.",
            takes=run_says.CompleteSerializer,
        ),
        name="complete-step",
    ),
    path(
        STEP + "confirm/",
        OnStep.to(
            "confirm_step",
            "Agree as a second person that it was done.",
            takes=run_says.RemarkSerializer,
        ),
        name="confirm-step",
    ),
    path(
        STEP + "fail/",
        OnStep.to(
            "fail_step",
            "Say why it did not work; asks for a review.",
            takes=run_says.ReasonSerializer,
        ),
        name="fail-step",
    ),
    path(
        STEP + "skip/",
        OnStep.to(
            "skip_step",
            "Leave it out, and say why.",
            takes=run_says.ReasonSerializer,
        ),
        name="skip-step",
    ),
    path(
        STEP + "retry/",
        OnStep.to(
            "retry_step",
            "Reopen a settled step.",
            takes=run_says.RemarkSerializer,
        ),
        name="retry-step",
    ),
    path("media/", media.Media.as_view(), name="media"),
    path("media/<str:name>/", media.MediaFile.as_view(), name="media-file"),
    path("alerts/", came.AlertList.as_view(), name="alerts"),
    path(ALERT, came.AlertDetail.as_view(), name="alert"),
    path(ALERT + "events/", explanation.Events.as_view(), name="alert-events"),
    path(ALERT + "mutings/", explanation.Mutings.as_view(), name="alert-mutings"),
    path(ALERT + "notices/", explanation.Notices.as_view(), name="alert-notices"),
    path(ALERT + "ratings/", explanation.Ratings.as_view(), name="alert-ratings"),
    path(
        ALERT + "acknowledge/",
        came.OnAlert.to(
            "acknowledge",
            "Say that you have it in hand; 409 if somebody has already.",
            "monitoring.acknowledge_alert",
        ),
        name="acknowledge-alert",
    ),
    path(
        ALERT + "rate/",
        came.Rate.to(
            "rate",
            "Say whether it was useful, or noise; your last word counts.",
            "monitoring.rate_alert",
        ),
        name="rate-alert",
    ),
    path(
        ALERT + "resolve/",
        came.Resolve.to(
            "resolve",
            "End it by hand: what its tool repeats of this episode changes nothing then.",
            "monitoring.resolve_alert",
        ),
        name="resolve-alert",
    ),
    path(
        ALERT + "snooze/",
        came.Snooze.to(
            "snooze",
            "Let it call nobody for a while, whatever its labels; 409 if it has ended.",
            "monitoring.add_silence",
        ),
        name="snooze-alert",
    ),
    path("alerts/<path:name>/", alerts.FormerAlertName.as_view(), name="former-alert-name"),
    path("alert-names/", alert_names.AlertNames.as_view(), name="alert-names"),
    path("alert-names/<path:name>/", alerts.AlertName.as_view(), name="alert-name"),
    path("silences/", silences.SilenceList.as_view(), name="silences"),
    path("silences/<int:pk>/", silences.SilenceDetail.as_view(), name="silence"),
    path(
        "silences/<int:pk>/end/",
        silences.OnSilence.to(
            "end", "End it now; what still fires calls people at once.", "monitoring.change_silence"
        ),
        name="end-silence",
    ),
    path(
        "silences/<int:pk>/extend/",
        silences.OnSilence.to(
            "extend",
            "Let it end later; `minutes` count from now. PATCH makes it shorter.",
            "monitoring.change_silence",
            takes=says_silence.ExtendSerializer,
            examples=silences.EXTENDED,
        ),
        name="extend-silence",
    ),
    path("maintenance/", maintenance.MaintenanceList.as_view(), name="maintenance"),
    path("maintenance/<int:pk>/", maintenance.MaintenanceDetail.as_view(), name="maintenance-plan"),
    path(
        "maintenance/<int:pk>/cancel/",
        maintenance.OnMaintenance.to(
            "cancel", "Cancel what is planned, and end what runs.", "monitoring.change_maintenance"
        ),
        name="cancel-maintenance",
    ),
    path("maintenance-windows/", maintenance.WindowList.as_view(), name="maintenance-windows"),
    path(
        "maintenance-windows/<int:pk>/",
        maintenance.WindowDetail.as_view(),
        name="maintenance-window",
    ),
    path(
        "maintenance-windows/<int:pk>/end/",
        maintenance.OnWindow.to(
            "end",
            "End a window now; one that is to come is cancelled.",
            "monitoring.change_maintenance",
        ),
        name="end-window",
    ),
    path("intakes/", intakes.IntakeList.as_view(), name="intakes"),
    path("intakes/<int:pk>/", intakes.IntakeDetail.as_view(), name="intake"),
    path(
        "intakes/<int:pk>/revoke/",
        intakes.OnIntake.to(
            "revoke", "Refuse its key from now on; what came stays.", "monitoring.change_intake"
        ),
        name="revoke-intake",
    ),
    path(
        "intakes/<int:pk>/renew-key/",
        intakes.Renew.to(
            "renew_key",
            "A new key, shown this once; the old one is refused at once.",
            "monitoring.change_intake",
        ),
        name="renew-intake-key",
    ),
    path(
        "intakes/<int:pk>/renew-secret/",
        intakes.Renew.to(
            "renew_secret",
            "A new secret to sign with, shown this once; what is signed with the old is refused.",
            "monitoring.change_intake",
        ),
        name="renew-intake-secret",
    ),
    path(
        "intakes/<int:pk>/configuration/",
        intakes.ConfigurationView.as_view(),
        name="intake-configuration",
    ),
    path("intakes/<int:pk>/received/", intakes.ReceivedList.as_view(), name="intake-received"),
    path("incidents/", incidents.IncidentList.as_view(), name="incidents"),
    path(INCIDENT, incidents.IncidentDetail.as_view(), name="incident"),
    path(INCIDENT + "timeline/", incident_record.Timeline.as_view(), name="incident-timeline"),
    path(INCIDENT + "alerts/", incident_record.Alerts.as_view(), name="incident-alerts"),
    path(INCIDENT + "clocks/", incident_record.Clocks.as_view(), name="incident-clocks"),
    path(INCIDENT + "similar/", incident_record.Similar.as_view(), name="incident-similar"),
    path(
        INCIDENT + "acknowledge/",
        incident_verbs.OnIncident.to(
            "acknowledge", "Say that you have it: nobody else is called. Twice is once."
        ),
        name="acknowledge-incident",
    ),
    path(
        INCIDENT + "escalate/",
        incident_verbs.Escalate.to(
            "escalate", "Call the next ones now, or by another policy instead."
        ),
        name="escalate-incident",
    ),
    path(
        INCIDENT + "severity/",
        incident_verbs.ChangeSeverity.to(
            "change_severity",
            "Go by another severity: its clocks start anew, and a worse one calls people again.",
        ),
        name="incident-severity",
    ),
    path(
        INCIDENT + "roles/",
        incident_verbs.Assign.to("assign", "Give a role to somebody, who is told, or free it."),
        name="incident-roles",
    ),
    path(
        INCIDENT + "notes/",
        incident_verbs.Note.to("note", "Add a note, decision, finding or evidence."),
        name="incident-notes",
    ),
    path(
        INCIDENT + "investigate/",
        incident_verbs.ToState.to("investigate", "The cause is open again."),
        name="investigate-incident",
    ),
    path(
        INCIDENT + "identify/",
        incident_verbs.ToState.to("identify", "The cause is known."),
        name="identify-incident",
    ),
    path(
        INCIDENT + "mitigate/",
        incident_verbs.ToState.to(
            "mitigate", "It hurts nobody any more; it is watched until it is resolved."
        ),
        name="mitigate-incident",
    ),
    path(
        INCIDENT + "resolve/",
        incident_verbs.ToState.to("resolve", "All is well again; `text` says how it ended."),
        name="resolve-incident",
    ),
    path(
        INCIDENT + "close/",
        incident_verbs.ToState.to(
            "close", "Nothing is left to do; of what is not resolved, `text` says why."
        ),
        name="close-incident",
    ),
    path(
        INCIDENT + "reopen/",
        incident_verbs.Reopen.to("reopen", "It is not over: people are called again."),
        name="reopen-incident",
    ),
    path(
        INCIDENT + "merge/",
        incident_verbs.Merge.to(
            "merge", "It is the same as another one, which gets its alerts, services and people."
        ),
        name="merge-incident",
    ),
    path(
        INCIDENT + "relate/",
        incident_verbs.Relate.to("relate", "It has to do with another one; both say so."),
        name="relate-incident",
    ),
    path(
        INCIDENT + "services/",
        incident_verbs.AffectService.to(
            "affect", "Say that a service is affected, and what it does, or that it is not."
        ),
        name="incident-services",
    ),
    path(
        INCIDENT + "tasks/",
        incident_verbs.AddTask.to("add_task", "Add something that is to be done."),
        name="incident-tasks",
    ),
    path(
        INCIDENT + "tasks/<int:task>/complete/",
        incident_verbs.CompleteTask.to("complete_task", "It is done; twice is once."),
        name="complete-incident-task",
    ),
    path(
        INCIDENT + "links/",
        incident_verbs.AddLink.to(
            "add_link", "Add an address that people need; the same one again is its new title."
        ),
        name="incident-links",
    ),
    path(
        INCIDENT + "restrict/",
        incident_verbs.Restrict.to(
            "restrict", "Let only those who take part see it, or everybody who reads incidents."
        ),
        name="restrict-incident",
    ),
    path("severities/", severities.Severities.as_view(), name="severities"),
    path("severities/<str:name>/", severities.SeverityDetail.as_view(), name="severity"),
    path("incident-rules/", incident_rules.RuleList.as_view(), name="incident-rules"),
    path("incident-rules/<int:pk>/", incident_rules.RuleDetail.as_view(), name="incident-rule"),
    path(
        "incident-rules/<int:pk>/move/",
        incident_rules.Move.to(
            "move",
            "Ask it earlier or later.",
            "incidents.change_incidentrule",
            takes=says_rule.MoveRuleSerializer,
            examples=incident_rules.MOVED,
        ),
        name="move-incident-rule",
    ),
    path("gaps/", alerts.Gaps.as_view(), name="gaps"),
    path("search/", SearchResults.as_view(), name="search"),
    path("sections/", sections.Sections.as_view(), name="sections"),
    path("services/", documents.Services.as_view(), name="services"),
    path(SERVICE, documents.of_document("services", "service"), name="service"),
    path(
        SERVICE + "watch/",
        WatchService.to("watch", "Get a message when it changes; twice is once."),
        name="watch-service",
    ),
    path(
        SERVICE + "unwatch/",
        WatchService.to("unwatch", "Get no message any more when it changes."),
        name="unwatch-service",
    ),
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
    path("heartbeats/", heartbeats.Heartbeats.as_view(), name="heartbeats"),
    path(HEARTBEAT, heartbeats.HeartbeatDetail.as_view(), name="heartbeat"),
    path(HEARTBEAT + "pings/", heartbeats.Pings.as_view(), name="heartbeat-pings"),
    path(HEARTBEAT + "flips/", heartbeats.Flips.as_view(), name="heartbeat-flips"),
    path(
        HEARTBEAT + "pause/",
        heartbeats.Pause.to("pause", "Expect nothing of it; 409 if it is paused already."),
        name="pause-heartbeat",
    ),
    path(
        HEARTBEAT + "resume/",
        heartbeats.OnHeartbeat.to(
            "resume", "Expect it again, first one period from now; 409 if it is not paused."
        ),
        name="resume-heartbeat",
    ),
    path(
        HEARTBEAT + "rotate/",
        heartbeats.OnHeartbeat.to(
            "rotate",
            "Give it a new address; the old one is answered 404 at once.",
            "monitoring.change_heartbeat",
        ),
        name="rotate-heartbeat",
    ),
    path("ping-keys/", ping_keys.PingKeys.as_view(), name="ping-keys"),
    path("ping-keys/<int:pk>/", ping_keys.PingKeyDetail.as_view(), name="ping-key"),
    path("escalation-policies/", escalation.Policies.as_view(), name="policies"),
    path(POLICY, escalation.PolicyDetail.as_view(), name="policy"),
    path(
        POLICY + "archive/",
        escalation.OnPolicy.to("archive", "No incident is opened with it any more."),
        name="archive-policy",
    ),
    path(
        POLICY + "unarchive/",
        escalation.OnPolicy.to("unarchive", "Use it again; services are named anew."),
        name="unarchive-policy",
    ),
    path(POLICY + "dry-run/", escalation.PolicyDryRun.as_view(), name="policy-dry-run"),
    path("oncall/", oncall.OnCall.as_view(), name="oncall"),
    path("rotations/", rotations.Rotations.as_view(), name="rotations"),
    path(ROTATION, rotations.RotationDetail.as_view(), name="rotation"),
    path(
        ROTATION + "archive/",
        rotations.OnRotation.to("archive", "Nobody is on call in it any more; it stays readable."),
        name="archive-rotation",
    ),
    path(
        ROTATION + "unarchive/",
        rotations.OnRotation.to("unarchive", "Unarchive it: its layers count again."),
        name="unarchive-rotation",
    ),
    path(ROTATION + "shifts/", oncall.Shifts.as_view(), name="rotation-shifts"),
    path(ROTATION + "overrides/", shift_changes.Overrides.as_view(), name="rotation-overrides"),
    path(OVERRIDE, shift_changes.OverrideDetail.as_view(), name="rotation-override"),
    path(
        OVERRIDE + "cancel/",
        shift_changes.OnOverride.to(
            "cancel", "End it now, or before it begins: your own, or any if you change rotations."
        ),
        name="cancel-override",
    ),
    path(ROTATION + "swaps/", shift_changes.Swaps.as_view(), name="rotation-swaps"),
    path(SWAP, shift_changes.SwapDetail.as_view(), name="rotation-swap"),
    path(
        SWAP + "agree/",
        shift_changes.OnSwap.to("agree", "Take the shift; only who is asked may."),
        name="agree-swap",
    ),
    path(
        SWAP + "decline/",
        shift_changes.OnSwap.to("decline", "Do not take it; only who is asked may."),
        name="decline-swap",
    ),
    path(
        SWAP + "cancel/",
        shift_changes.OnSwap.to("cancel", "Withdraw what you asked for."),
        name="cancel-swap",
    ),
    path("deliveries/", Deliveries.as_view(), name="deliveries"),
    path("deliveries/<int:pk>/", DeliveryDetail.as_view(), name="delivery"),
    path(
        "deliveries/<int:pk>/send-again/",
        SendAgain.to("send_again", "Queue it once more: your own that failed; operators any."),
        name="send-delivery-again",
    ),
    path(
        "deliveries/<int:pk>/expire/",
        Expire.to("expire", "Do not send it any more; 409 if it is not waiting."),
        name="expire-delivery",
    ),
    path("channels/", channels.Channels.as_view(), name="channels"),
    path(CHANNEL, channels.ChannelDetail.as_view(), name="channel"),
    path(
        CHANNEL + "test/",
        channels.SendTest.to(
            "test", "Send a test message; read the delivery again to see its result."
        ),
        name="test-channel",
    ),
    path(
        CHANNEL + "rotate/",
        channels.RotateChannel.to(
            "rotate",
            "Replace the secret that signs: the new one is in this answer and in no other. The old"
            " one goes on signing beside it for `overlap_hours`.",
        ),
        name="rotate-channel",
    ),
    path("guides/", guides.GuideList.as_view(), name="guides"),
    path("guides/media/<str:name>/", GuidePicture.as_view(), name="guide-picture"),
    path("guides/videos/<str:name>/", GuideFilm.as_view(), name="guide-film"),
    path(GUIDE + "pictures/", GuidePictures.as_view(), name="guide-pictures"),
    path(GUIDE + "videos/", GuideFilms.as_view(), name="guide-films"),
    path("guides/figures/", guide_figures.GuidesFigures.as_view(), name="guides-figures"),
    path(GUIDE, guides.GuideDetail.as_view(), name="guide"),
    path(
        GUIDE + "publish/",
        guide_verbs.Publish.to(
            "publish",
            "Freeze the guide as its authors have it: who begins now follows that version.",
        ),
        name="publish-guide",
    ),
    path(
        GUIDE + "archive/",
        OnGuide.to("archive", "Take it out of lists; who began it may finish."),
        name="archive-guide",
    ),
    path(
        GUIDE + "unarchive/",
        OnGuide.to("unarchive", "Unarchive it: back into the lists."),
        name="unarchive-guide",
    ),
    path(
        GUIDE + "watch/",
        guide_verbs.WatchGuide.to("watch", "Get a message when it changes; twice is once."),
        name="watch-guide",
    ),
    path(
        GUIDE + "unwatch/",
        guide_verbs.WatchGuide.to("unwatch", "Get no message any more when it changes."),
        name="unwatch-guide",
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
        OnProgress.to("move_over", "Continue with the published version; ticks stay."),
        name="guide-move-over",
    ),
    path(
        GUIDE + "progress/acknowledge/",
        OnProgress.to("acknowledge", "Confirm that you read and understood it, where asked."),
        name="guide-acknowledge",
    ),
    path(
        GUIDE_STEP + "view/",
        OnGuideStep.to(
            "view",
            "Note that you look at a step, for so many seconds since the last time.",
            takes=ViewedSerializer,
            examples=VIEW_EXAMPLE,
        ),
        name="view-guide-step",
    ),
    path(
        GUIDE_STEP + "done/",
        OnGuideStep.to("done", "Mark a step as done; the last one completes the guide."),
        name="do-guide-step",
    ),
    path(
        GUIDE_STEP + "undo/",
        OnGuideStep.to("undo", "Mark a step as not done; a completed guide stays completed."),
        name="undo-guide-step",
    ),
    path("progress/", progress.MyProgress.as_view(), name="my-progress"),
    path("progress/<int:pk>/", progress.ProgressDetail.as_view(), name="progress"),
    path("stuck-reports/", stuck.StuckReports.as_view(), name="stuck-reports"),
    path("stuck-reports/<int:pk>/", stuck.StuckReportDetail.as_view(), name="stuck-report"),
    path(
        "stuck-reports/<int:pk>/settle/",
        stuck.Settle.to("settle", "Answer it, or close it; 409 if somebody did so before."),
        name="settle-report",
    ),
    path("assignments/", assignments.Assignments.as_view(), name="assignments"),
    path("assignments/<int:pk>/", assignments.AssignmentDetail.as_view(), name="assignment"),
    path(
        "assignments/<int:pk>/withdraw/",
        assignments.Withdraw.to("withdraw", "Nobody is asked any more; what people did stays."),
        name="withdraw-assignment",
    ),
    path("questions/", questions.Questions.as_view(), name="questions"),
    path("questions/<slug:slug>/", questions.QuestionDetail.as_view(), name="question"),
    path(
        "questions/<slug:slug>/feedback/",
        questions.Judge.to("judge", "Say whether the answer helped; your last word counts."),
        name="judge-question",
    ),
    path(
        "incidents/<int:number>/communications/",
        communications.Communications.as_view(),
        name="communications",
    ),
    path(COMMUNICATION, communications.CommunicationDetail.as_view(), name="communication"),
    path(
        COMMUNICATION + "submit/",
        communications.OnCommunication.to("submit", "Ask the commander to approve it."),
        name="submit-communication",
    ),
    path(
        COMMUNICATION + "approve/",
        communications.OnCommunication.to(
            "approve", "Approve it, which sends it; not by its author unless they command."
        ),
        name="approve-communication",
    ),
    path(
        COMMUNICATION + "send-back/",
        communications.OnCommunication.to(
            "send_back",
            "Do not send it as it is: say what has to change.",
            takes=says_communication.SendBackSerializer,
            examples=communications.REASON,
        ),
        name="send-back-communication",
    ),
    path(
        COMMUNICATION + "send/",
        communications.OnCommunication.to(
            "send", "Send it; 409 where the severity wants it approved, or values are missing."
        ),
        name="send-communication",
    ),
    path(
        COMMUNICATION + "withdraw/",
        communications.OnCommunication.to("withdraw", "Do not send it at all."),
        name="withdraw-communication",
    ),
    path(
        "communication-templates/",
        communications.CommunicationTemplates.as_view(),
        name="communication-templates",
    ),
    path(
        "communication-templates/<slug:slug>/",
        communications.CommunicationTemplateDetail.as_view(),
        name="communication-template",
    ),
    path("status/", Status.as_view(), name="status"),
    path("teams/", Teams.as_view(), name="teams"),
    path("people/", People.to(FOLLOW), name="people"),
    path("me/", Me.as_view(), name="me"),
    path("me/watched/", MyWatched.as_view(), name="my-watched"),
    path("me/contact-methods/", contacts.ContactMethods.as_view(), name="contact-methods"),
    path(METHOD, contacts.ContactMethodDetail.as_view(), name="contact-method"),
    path(
        METHOD + "send-code/",
        contacts.SendCode.to(
            "send_code", "Send a new code to it; the one before is void. One a minute."
        ),
        name="send-contact-code",
    ),
    path(
        METHOD + "verify/",
        contacts.Verify.to(
            "verify",
            "Send back the code that came: from now on messages go there. Five tries a code.",
        ),
        name="verify-contact-method",
    ),
    path(
        METHOD + "test/",
        contacts.SendTest.to(
            "test",
            "Send a test message; read the delivery again to see its result. Within a minute, the"
            " same one.",
        ),
        name="test-contact-method",
    ),
    path("me/quiet-hours/", contacts.MyQuietHours.as_view(), name="my-quiet-hours"),
]
routes.insert(0, path("", Root.as_view(routes=routes), name="root"))
urlpatterns = (routes, "api")
