"""Who is asked what, who is stuck, how far people are: to read; verbs stand on the pages."""

from django.contrib import admin
from django.utils.html import format_html

from onboarding.models import Assignment, Progress, QuestionFeedback, StuckReport
from runbooks.admin.reading import ReadOnly

HEAVY = ("version__content",)


class WithPage(ReadOnly):
    """Rows that have a page of their own, where their verbs are."""

    @admin.display(description="page")
    def on_page(self, row):
        return format_html('<a href="{}">Open its page</a>', row.get_absolute_url())


@admin.register(Assignment)
class AssignmentAdmin(WithPage):
    list_display = ("guide", "user", "team", "everybody_new", "due_on", "due_days", "withdrawn_at")
    list_filter = ("everybody_new", "due_on")
    list_select_related = ("guide", "user", "team")
    search_fields = ("guide__title", "user__username", "team__name")
    fields = (
        *("guide", "user", "team", "everybody_new", "due_on", "due_days"),
        *(
            "by",
            "created_at",
            "withdrawn_at",
            "on_page",
        ),
    )
    readonly_fields = ("on_page",)


@admin.register(StuckReport)
class StuckReportAdmin(WithPage):
    list_display = ("step_title", "guide", "number", "state", "user", "created_at")
    list_filter = ("state", "created_at")
    search_fields = ("guide__title", "step_title", "text")
    fields = (
        *("guide", "number", "step_title", "user", "text", "page", "state"),
        *(
            "answer",
            "answered_by",
            "created_at",
            "answered_at",
            "on_page",
        ),
    )
    readonly_fields = ("number", "on_page")

    def get_queryset(self, request):
        return (
            super().get_queryset(request).select_related("guide", "version", "user").defer(*HEAVY)
        )

    @admin.display(description="version")
    def number(self, report):
        return f"v{report.version.number}"


@admin.register(Progress)
class ProgressAdmin(ReadOnly):
    list_display = ("guide", "number", "user", "started_at", "seen_at", "completed_at")
    list_filter = ("started_at", "completed_at")
    search_fields = ("guide__title", "user__username")
    fields = (
        *("guide", "number", "user", "started_at", "seen_at", "completed_at"),
        *("acknowledged_at",),
    )

    def get_queryset(self, request):
        return (
            super().get_queryset(request).select_related("guide", "version", "user").defer(*HEAVY)
        )

    @admin.display(description="version")
    def number(self, progress):
        return f"v{progress.version.number}"


@admin.register(QuestionFeedback)
class QuestionFeedbackAdmin(ReadOnly):
    list_display = ("question", "helped", "user", "at")
    list_filter = ("helped", "at")
    list_select_related = ("question", "user")
    search_fields = ("question__question",)
    fields = ("question", "helped", "user", "at")
