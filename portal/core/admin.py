"""The audit log in the admin."""

import auditlog.admin
from auditlog.filters import ResourceTypeFilter
from auditlog.models import LogEntry
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.text import capfirst

from portal.core.web.desk import Line, Part
from portal.core.web.narrow import Narrow


class KindFilter(ResourceTypeFilter):
    """What the entries are about; a value that is no number of a kind finds nothing."""

    title = "kind"

    def lookups(self, request, model_admin):
        kinds = ContentType.objects
        found = super().lookups(request, model_admin)
        named = [(pk, _kind(kinds.get_for_id(pk))) for pk, _ in found]
        return sorted(named, key=lambda pair: pair[1])

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
    list_display = ("created", "resource_url", "action", "msg_short", "user_url")
    list_filter = ("action", KindFilter)
    show_facets = admin.ShowFacets.NEVER

    @admin.display(description="about")
    def resource_url(self, entry):
        words, kind = f"{_kind(entry.content_type)}: {entry.object_repr}", entry.content_type
        pk = entry.object_pk if entry.object_id is None else entry.object_id
        try:
            address = reverse(f"admin:{kind.app_label}_{kind.model}_change", args=[pk])
        except NoReverseMatch:
            return words
        return format_html('<a href="{}">{}</a>', address, words)

    @admin.display(description="changes")
    def msg_short(self, entry):
        """The names of what changed; nothing where the action says it all."""
        named = super().msg_short(entry)
        return named.partition(": ")[2] or None


def _kind(kind: ContentType) -> str:
    """As people call it; a model that is no more by its old name."""
    return str(capfirst(kind.name))


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
