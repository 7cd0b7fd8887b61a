"""The history: every version that ever was, to read, compare and restore."""

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html

from portal.core.web.cells import shown
from portal.core.web.read_only import ReadOnly
from runbooks.documents.status import version_status
from runbooks.models import Version

HEAVY = ("text", "html", "plain", "toc", "steps", "parameters", "problems")


@admin.register(Version)
class VersionAdmin(ReadOnly):
    list_display = (
        "runbook",
        "shown_number",
        "shown_state",
        "author_name",
        "note",
        "created_at",
        "compare",
    )
    list_display_links = ("runbook", "shown_number")
    list_filter = ("state", "created_at")
    list_select_related = ("runbook",)
    search_fields = ("runbook__title", "note", "author_name")
    ordering = ("-created_at", "-pk")
    fields = (
        ("runbook", "shown_number", "shown_state"),
        ("author_name", "created_at", "note"),
        ("reviewer", "reviewed_at", "review_note"),
        ("submitted_at", "published_at"),
        "source",
    )

    def get_queryset(self, request):
        return super().get_queryset(request).defer(*HEAVY)

    def render_change_form(self, request, context, *args, **kwargs):
        version = context["original"]
        context["may_restore"] = request.user.has_perm("runbooks.change_runbook")
        context["runbook_address"] = reverse(
            "admin:runbooks_runbook_change", args=[version.runbook_id]
        )
        return super().render_change_form(request, context, *args, **kwargs)

    @admin.display(description="version", ordering="number")
    def shown_number(self, version):
        return f"v{version.number}"

    @admin.display(description="state", ordering="state")
    def shown_state(self, version):
        return shown(version_status(version.state, version.reviewer_id))

    @admin.display(description="compare")
    def compare(self, version):
        if not version.based_on:
            return "first version"
        address = version.runbook.compare_url(version.based_on, version.number)
        return format_html('<a href="{}">with v{}</a>', address, version.based_on)

    @admin.display(description="text")
    def source(self, version):
        return format_html('<pre class="source" tabindex="0">{}</pre>', version.text)
