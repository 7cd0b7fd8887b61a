"""Alerts that were looked up in vain: to read, not to change."""

from urllib.parse import urlencode

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html

from portal.core.web.read_only import ReadOnly
from runbooks.models import Gap


@admin.register(Gap)
class GapAdmin(ReadOnly):
    list_display = ("name", "count", "first_at", "last_at", "dismissed_because", "write")
    search_fields = ("name",)
    fields = ("name", "count", "first_at", "last_at", "dismissed_by", "dismissed_because")

    def get_queryset(self, request):
        return super().get_queryset(request).open()

    @admin.display(description="runbook")
    def write(self, gap):
        start = {"title": gap.name, "alert_names": gap.name, "kind": "troubleshooting"}
        address = f"{reverse('admin:runbooks_runbook_add')}?{urlencode(start)}"
        return format_html('<a href="{}">Write one</a>', address)
