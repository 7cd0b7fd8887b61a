"""Incidents and severities in the admin: to read; their verbs are on their pages."""

from django.contrib import admin

from incidents.models import Incident, Severity
from incidents.room.status import status_of
from portal.core.templatetags.look import moment
from portal.core.web.cells import shown
from portal.core.web.desk import Line, Part
from portal.core.web.read_only import ReadOnly


class OfIncidents(ReadOnly):
    """A list of this app: every field is shown as it is."""

    def get_readonly_fields(self, request, obj=None):
        return self.get_fields(request, obj)


@admin.register(Incident)
class IncidentAdmin(OfIncidents):
    list_display = ("name", "title", "severity", "standing", "owner", "declared", "is_drill")
    list_filter = ("state", "level", "is_drill", "source")
    list_select_related = ("owner", "merged_into")
    search_fields = ("title", "description")
    fields = (
        *("title", "description", "severity", "standing", "source", "is_drill", "is_restricted"),
        *("owner", "policy", "declared_at", "declared_by", "acknowledged_at", "acknowledged_by"),
        *("mitigated_at", "resolved_at", "closed_at", "outcome", "merged"),
    )

    def get_queryset(self, request):
        """Restricted ones do not exist for those who may not see them, here either."""
        return super().get_queryset(request).visible(request.user).naming_merged(request.user)

    @admin.display(description="merged into")
    def merged(self, incident):
        return f"INC-{incident.merged_seen}" if incident.merged_seen else None

    @admin.display(description="number", ordering="number")
    def name(self, incident):
        return incident.name

    @admin.display(description="severity", ordering="level")
    def severity(self, incident):
        return incident.severity_name

    @admin.display(description="state", ordering="state")
    def standing(self, incident):
        return shown(status_of(incident))

    @admin.display(description="declared", ordering="declared_at")
    def declared(self, incident):
        return moment(incident.declared_at)


@admin.register(Severity)
class SeverityAdmin(OfIncidents):
    list_display = ("name", "title", "calls", "is_urgent", "needs_approval")
    search_fields = ("title", "definition")
    fields = (
        *("name", "title", "definition", "examples", "calls", "is_urgent"),
        *("acknowledge_minutes", "notice_minutes", "update_minutes", "idle_minutes"),
        *("review_days", "action_days", "needs_approval", "audiences", "source"),
    )

    @admin.display(description="severity", ordering="level")
    def name(self, severity):
        return severity.name


DESK = (
    Line(
        Part.OPERATIONS,
        10,
        "Incidents",
        "What went wrong; they are worked on in their rooms",
        "fire",
        "incidents.incident",
        below=("incidents.severity",),
    ),
)
