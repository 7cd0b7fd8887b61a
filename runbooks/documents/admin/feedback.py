"""What readers said of a runbook: to read, not to change."""

from django.contrib import admin

from portal.core.web.cells import shown
from portal.core.web.read_only import ReadOnly
from portal.core.web.status import HELPED
from runbooks.models import Feedback


@admin.register(Feedback)
class FeedbackAdmin(ReadOnly):
    list_display = ("runbook", "number", "answer", "reason", "user", "created_at")
    list_filter = ("helpful", "created_at")
    search_fields = ("runbook__title", "reason")
    fields = ("runbook", "number", "answer", "reason", "user", "created_at")

    def get_queryset(self, request):
        rows = super().get_queryset(request).select_related("runbook", "version", "user")
        return rows.defer(*HEAVY)

    @admin.display(description="answer", ordering="helpful")
    def answer(self, feedback):
        return shown(HELPED[feedback.helpful])

    @admin.display(description="version")
    def number(self, feedback):
        return f"v{feedback.version.number}"


HEAVY = [
    f"version__{name}"
    for name in ("text", "html", "plain", "toc", "steps", "parameters", "problems")
]
