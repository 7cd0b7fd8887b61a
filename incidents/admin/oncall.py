"""Rotations and overrides in the admin."""

from django.contrib import admin
from django.db.models import DateTimeField, Value

from incidents.models import Override, Rotation
from incidents.oncall import verbs
from incidents.oncall.status import status_of_override, status_of_rotation
from portal.core.data import clock
from portal.core.templatetags.look import moment
from portal.core.web.cells import shown
from portal.core.web.desk import Line, Part
from portal.core.web.read_only import ReadOnly, each


class OfOnCall(ReadOnly):
    """A list of this room: every field is shown as it is."""

    def get_readonly_fields(self, request, obj=None):
        return self.get_fields(request, obj)

    def has_archive_permission(self, request):
        return request.user.has_perm("incidents.change_rotation")


@admin.register(Rotation)
class RotationAdmin(OfOnCall):
    list_display = ("name", "standing", "owner", "time_zone")
    list_select_related = ("owner",)
    search_fields = ("name", "slug", "owner__name")
    fields = (
        *("name", "slug", "description", "standing", "owner", "services", "time_zone"),
        *("is_always", "holidays_country", "holidays_subdivision", "created_at", "archived_at"),
    )
    actions = ("archive",)

    @admin.display(description="state")
    def standing(self, rotation):
        return shown(status_of_rotation(rotation))

    @admin.action(description="Archive the chosen rotations", permissions=["archive"])
    def archive(self, request, rotations):
        def act(row):
            row.archive(by=request.user, at=clock.now())

        each(request, rotations, act, "Archived")


@admin.register(Override)
class OverrideAdmin(OfOnCall):
    list_display = ("who", "rotation", "standing", "begins", "ends", "made_by")
    list_select_related = ("rotation", "person", "made_by")
    search_fields = ("rotation__name", "person__name", "person__username", "reason")
    fields = (
        *("rotation", "who", "standing", "starts_at", "ends_at", "reason"),
        *("made_at", "made_by", "cancelled_at", "cancelled_by"),
    )
    actions = ("cancel",)

    def has_view_permission(self, request, obj=None):
        return request.user.has_perm("incidents.view_rotation")

    def has_module_permission(self, request):
        return self.has_view_permission(request)

    def get_queryset(self, request):
        asked_at = Value(clock.now(), DateTimeField())
        return super().get_queryset(request).annotate(asked_at=asked_at)

    @admin.display(description="person")
    def who(self, override):
        return override.person or "Nobody, on purpose"

    @admin.display(description="state")
    def standing(self, override):
        return shown(status_of_override(override, override.asked_at))

    @admin.display(description="begins", ordering="starts_at")
    def begins(self, override):
        return moment(override.starts_at)

    @admin.display(description="ends", ordering="ends_at")
    def ends(self, override):
        return moment(override.ends_at)

    @admin.action(description="Cancel the chosen overrides", permissions=["archive"])
    def cancel(self, request, overrides):
        def act(row):
            verbs.cancel(row, by=request.user, at=clock.now())

        each(request, overrides, act, "Cancelled")


DESK = (
    Line(
        Part.OPERATIONS,
        10,
        "Rotations",
        "Who is on call; archive several",
        "phone",
        "incidents.rotation",
        rail=("On-call", "phone"),
        below=("incidents.override",),
    ),
)
