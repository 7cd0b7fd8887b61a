"""What readers said, looked for in vain, and where the texts lead: to read, not to change."""

from urllib.parse import urlencode

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html

from runbooks.models import Feedback, Gap, Link

from .reading import ReadOnly


@admin.register(Feedback)
class FeedbackAdmin(ReadOnly):
    list_display = ("runbook", "number", "helpful", "reason", "user", "created_at")
    list_filter = ("helpful", "created_at")
    search_fields = ("runbook__title", "reason")
    fields = ("runbook", "number", "helpful", "reason", "user", "created_at")

    def get_queryset(self, request):
        rows = super().get_queryset(request).select_related("runbook", "version", "user")
        return rows.defer(*HEAVY)

    @admin.display(description="version")
    def number(self, feedback):
        return f"v{feedback.version.number}"


HEAVY = [
    f"version__{name}"
    for name in ("text", "html", "plain", "toc", "steps", "parameters", "problems")
]


@admin.register(Gap)
class GapAdmin(ReadOnly):
    list_display = ("name", "count", "first_at", "last_at", "write")
    search_fields = ("name",)
    fields = ("name", "count", "first_at", "last_at")

    @admin.display(description="runbook")
    def write(self, gap):
        start = {"title": gap.name, "alert_names": gap.name, "kind": "troubleshooting"}
        address = f"{reverse('admin:runbooks_runbook_add')}?{urlencode(start)}"
        return format_html('<a href="{}">Write one</a>', address)


@admin.register(Link)
class LinkAdmin(ReadOnly):
    list_display = ("address", "source", "line", "target", "broken")
    list_filter = ("broken",)
    list_select_related = ("source", "target")
    search_fields = ("address", "source__title")
    fields = ("source", "line", "address", "anchor", "text", "target", "broken")
