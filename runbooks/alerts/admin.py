"""Alerts that were looked up in vain: to read, not to change."""

from urllib.parse import urlencode

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html

from portal.core.web.read_only import ReadOnly
from runbooks.models import Gap


class StandingFilter(admin.SimpleListFilter):
    """The open ones, unless those that were dismissed are asked for."""

    title = "state"
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return [("dismissed", "Dismissed")]

    def choices(self, changelist):
        first, *others = super().choices(changelist)
        return [{**first, "display": "Open"}, *others]

    def queryset(self, request, queryset):
        return queryset.dismissed() if self.value() == "dismissed" else queryset.open()


@admin.register(Gap)
class GapAdmin(ReadOnly):
    list_filter = (StandingFilter,)
    list_display = ("name", "count", "first_at", "last_at", "dismissed_because", "write")
    search_fields = ("name",)
    fields = (
        *("name", "count", "first_at", "last_at"),
        *("dismissed_at", "dismissed_by", "dismissed_because"),
    )

    @admin.display(description="runbook")
    def write(self, gap):
        start = {"title": gap.name, "alert_names": gap.name, "kind": "troubleshooting"}
        address = f"{reverse('admin:runbooks_runbook_add')}?{urlencode(start)}"
        return format_html('<a href="{}">Write one</a>', address)
