"""People who are stuck: to read; answering stands on the page of a report."""

from django.contrib import admin

from onboarding.guides.status import STUCK
from onboarding.models import StuckReport, StuckState
from portal.core.web.cells import shown
from portal.core.web.read_only import WithPage

HEAVY = ("version__content",)


@admin.register(StuckReport)
class StuckReportAdmin(WithPage):
    list_display = ("step_title", "guide", "number", "standing", "user", "created_at")
    list_filter = ("state", "created_at")
    search_fields = ("guide__title", "step_title", "text")
    fields = (
        *("guide", "number", "step_title", "user", "text", "page", "standing"),
        *(
            "answer",
            "answered_by",
            "created_at",
            "answered_at",
            "on_page",
        ),
    )
    readonly_fields = ("number", "standing", "on_page")

    def get_queryset(self, request):
        return (
            super().get_queryset(request).select_related("guide", "version", "user").defer(*HEAVY)
        )

    @admin.display(description="state", ordering="state")
    def standing(self, report):
        return shown(STUCK[StuckState(report.state)])

    @admin.display(description="version")
    def number(self, report):
        return f"v{report.version.number}"
