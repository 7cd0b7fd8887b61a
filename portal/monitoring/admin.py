"""Alerts, heartbeats and what mutes them in the admin: to read, with the verbs of their pages."""

from django.contrib import admin

from portal.core.data import clock
from portal.core.templatetags.look import duration, moment
from portal.core.web.cells import shown
from portal.core.web.desk import Line, Part
from portal.core.web.read_only import ReadOnly, each

from .alerts.status import status_of, status_of_intake
from .heartbeats import announcements
from .heartbeats.status import state_of
from .maintenance.status import status_of_plan
from .models import Alert, Heartbeat, Intake, Maintenance, PingKey, Silence
from .muting import verbs
from .silences.status import status_of_silence


class OfMonitoring(ReadOnly):
    """A list of this app: every field is shown as it is."""

    def get_readonly_fields(self, request, obj=None):
        return self.get_fields(request, obj)

    def may(self, request, verb: str) -> bool:
        return request.user.has_perm(f"monitoring.{verb}_{self.opts.model_name}")


@admin.register(Alert)
class AlertAdmin(OfMonitoring):
    list_display = ("name", "standing", "severity", "service", "intake", "begins", "ends")
    list_filter = ("state", "muted_by")
    list_select_related = ("service", "intake")
    search_fields = ("name", "fingerprint", "service__name")
    fields = (
        *("name", "standing", "severity", "service", "service_by", "runbook"),
        *("runbook_by", "intake", "source", "fingerprint", "labels", "annotations"),
        *("starts_at", "ends_at", "received_at", "deliveries", "acknowledged_at"),
    )

    @admin.display(description="state", ordering="state")
    def standing(self, alert):
        return shown(status_of(alert))

    @admin.display(description="begins", ordering="starts_at")
    def begins(self, alert):
        return moment(alert.starts_at)

    @admin.display(description="ends", ordering="ends_at")
    def ends(self, alert):
        return moment(alert.ends_at) or None


@admin.register(Heartbeat)
class HeartbeatAdmin(OfMonitoring):
    """Its address is a secret: it stands on its page, for those who may change it."""

    list_display = ("name", "standing", "when", "service", "owner")
    list_filter = ("manual_resume",)
    list_select_related = ("service", "owner")
    search_fields = ("name", "slug", "service__name", "owner__name")
    fields = (
        *(
            "name",
            "slug",
            "standing",
            "when",
            "allowance",
            "service",
            "owner",
            "runbook",
        ),
        *("intake", "manual_resume", "paused_at", "paused_until", "created_at"),
    )
    actions = ("pause", "resume", "remove")

    def get_queryset(self, request):
        return super().get_queryset(request).standing(clock.now())

    def has_pause_permission(self, request):
        return self.may(request, "pause")

    def has_remove_permission(self, request):
        return self.may(request, "delete")

    @admin.display(description="state")
    def standing(self, heartbeat):
        return shown(state_of(heartbeat.state))

    @admin.display(description="expected")
    def when(self, heartbeat):
        return heartbeat.when

    @admin.display(description="grace")
    def allowance(self, heartbeat):
        return duration(heartbeat.grace)

    @admin.action(description="Pause the chosen heartbeats", permissions=["pause"])
    def pause(self, request, heartbeats):
        each(request, heartbeats, lambda row: row.pause(by=request.user), "Paused")

    @admin.action(description="Resume the chosen heartbeats", permissions=["pause"])
    def resume(self, request, heartbeats):
        each(request, heartbeats, lambda row: row.resume(by=request.user), "Resumed")

    @admin.action(description="Delete the chosen heartbeats and pings", permissions=["remove"])
    def remove(self, request, heartbeats):
        def act(row):
            announcements.remove(row, by=request.user)

        each(request, heartbeats, act, "Deleted, and their alerts are over")


@admin.register(PingKey)
class PingKeyAdmin(OfMonitoring):
    list_display = ("name", "begin", "owner", "created")
    list_select_related = ("owner",)
    search_fields = ("name", "owner__name")
    fields = ("name", "begin", "owner", "created_at", "created_by")
    actions = ("revoke",)

    def has_revoke_permission(self, request):
        return self.may(request, "delete")

    @admin.display(description="key")
    def begin(self, key):
        return key.hint

    @admin.display(description="created", ordering="created_at")
    def created(self, key):
        return moment(key.created_at)

    @admin.action(description="Revoke the chosen keys", permissions=["revoke"])
    def revoke(self, request, keys):
        each(request, keys, lambda row: row.revoke(by=request.user), "Revoked")


@admin.register(Intake)
class IntakeAdmin(OfMonitoring):
    list_display = ("name", "kind", "standing", "hint", "default_team", "received")
    list_filter = ("kind",)
    list_select_related = ("default_team",)
    search_fields = ("name", "hint")
    fields = (
        *("name", "kind", "standing", "hint", "is_signed", "service_labels", "mapping"),
        *("watchdog", "default_service", "default_team", "created_at", "created_by"),
        *("received_at", "watchdog_at", "revoked_at"),
    )
    actions = ("revoke",)

    def get_queryset(self, request):
        return super().get_queryset(request).with_newest_error()

    def has_revoke_permission(self, request):
        return self.may(request, "change")

    @admin.display(description="state")
    def standing(self, intake):
        return shown(status_of_intake(intake))

    @admin.display(description="last received", ordering="received_at")
    def received(self, intake):
        return moment(intake.received_at) or "Never"

    @admin.action(description="Revoke the keys of the chosen intakes", permissions=["revoke"])
    def revoke(self, request, intakes):
        each(request, intakes, lambda row: row.revoke(by=request.user), "Revoked")


@admin.register(Silence)
class SilenceAdmin(OfMonitoring):
    list_display = ("about", "standing", "reason", "created_by", "ends")
    list_select_related = ("created_by",)
    search_fields = ("reason", "alert_name")
    fields = (
        *("about", "standing", "reason", "starts_at", "ends_at", "created_at"),
        *("created_by", "ended_by", "replaces"),
    )
    actions = ("end",)

    def get_queryset(self, request):
        return super().get_queryset(request).asked(clock.now())

    def has_end_permission(self, request):
        return self.may(request, "change")

    @admin.display(description="alerts")
    def about(self, silence):
        return str(silence)

    @admin.display(description="state")
    def standing(self, silence):
        return shown(status_of_silence(silence, silence.asked_at))

    @admin.display(description="ends", ordering="ends_at")
    def ends(self, silence):
        return moment(silence.ends_at)

    @admin.action(description="End the chosen silences", permissions=["end"])
    def end(self, request, silences):
        each(request, silences, lambda row: verbs.end(row, by=request.user), "Ended")


@admin.register(Maintenance)
class MaintenanceAdmin(OfMonitoring):
    list_display = ("title", "standing", "recurs", "planned_by", "begins")
    list_select_related = ("planned_by",)
    search_fields = ("title", "note")
    fields = (
        *("title", "note", "standing", "is_for_all", "services", "starts_at", "lasts"),
        *("recurs", "until", "created_at", "planned_by", "cancelled_at"),
    )
    actions = ("cancel",)

    def has_cancel_permission(self, request):
        return self.may(request, "change")

    @admin.display(description="state")
    def standing(self, plan):
        return shown(status_of_plan(plan))

    @admin.display(description="recurs")
    def recurs(self, plan):
        return f"{plan.cron}, {plan.zone}" if plan.cron else "No"

    @admin.display(description="lasts")
    def lasts(self, plan):
        return duration(plan.duration)

    @admin.display(description="begins", ordering="starts_at")
    def begins(self, plan):
        return moment(plan.starts_at)

    @admin.action(description="Cancel the chosen plans", permissions=["cancel"])
    def cancel(self, request, plans):
        each(request, plans, lambda row: verbs.cancel(row, by=request.user), "Cancelled")


DESK = (
    Line(
        Part.OPERATIONS,
        20,
        "Alerts",
        "What tools sent; acknowledge and resolve on their pages",
        "bell",
        "monitoring.alert",
        rail=("Monitoring", "pulse"),
        below=(
            *("monitoring.heartbeat", "monitoring.pingkey", "monitoring.intake"),
            *("monitoring.silence", "monitoring.maintenance"),
        ),
    ),
    Line(
        Part.OPERATIONS,
        30,
        "Heartbeats",
        "Jobs that report themselves; pause or delete several",
        "pulse",
        "monitoring.heartbeat",
    ),
    Line(
        Part.OPERATIONS,
        40,
        "Intakes",
        "Where tools send alerts; revoke their keys",
        "inbox",
        "monitoring.intake",
    ),
    Line(
        Part.OPERATIONS,
        50,
        "Ping keys",
        "What hosts call heartbeats with; revoke them here",
        "key",
        "monitoring.pingkey",
    ),
    Line(
        Part.OPERATIONS,
        60,
        "Silences",
        "Which alerts call nobody for a while; end several",
        "mute",
        "monitoring.silence",
    ),
    Line(
        Part.OPERATIONS,
        70,
        "Maintenance",
        "Planned work on services; cancel several",
        "calendar",
        "monitoring.maintenance",
    ),
)
