"""The audit log in the admin."""

import auditlog.admin
from auditlog.filters import CIDFilter, ResourceTypeFilter
from auditlog.models import LogEntry
from django.contrib import admin

from portal.core.web.desk import Line, Part
from portal.core.web.narrow import Narrow


class KindFilter(ResourceTypeFilter):
    """What the entries are about; a value that is no number of a kind finds nothing."""

    def queryset(self, request, queryset):
        value = str(self.value() or "")
        if not value:
            return queryset
        is_number = value.isdecimal() and len(value) < 10
        return queryset.filter(content_type_id=value) if is_number else queryset.none()


admin.site.unregister(LogEntry)
# what the rail calls it; in place, so that no migration of another package is asked for
LogEntry._meta.verbose_name_plural = "audit log"


@admin.register(LogEntry)
class LogEntryAdmin(Narrow, auditlog.admin.LogEntryAdmin):
    list_filter = ("action", KindFilter, CIDFilter)
    show_facets = admin.ShowFacets.NEVER


DESK = (
    Line(
        Part.OPERATIONS,
        30,
        "Audit log",
        "Who changed what, when",
        "history",
        "auditlog.logentry",
        rail=("Audit log", "history"),
    ),
)
