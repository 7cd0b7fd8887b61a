"""Who is asked what, who is stuck, how far people are: to read; verbs stand on the pages."""

from django.contrib import admin
from django.template.response import TemplateResponse
from django.utils.html import format_html

from onboarding.forgetting import forget_person
from onboarding.models import Assignment, Progress, QuestionFeedback, StuckReport
from portal.accounts.models import User
from runbooks.admin.reading import ReadOnly

HEAVY = ("version__content", "version__words")


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
    actions = ("forget",)
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

    def has_forget_permission(self, request):
        return request.user.has_perm("onboarding.change_progress")

    @admin.action(description="Forget whose it is, with all else of them", permissions=["forget"])
    def forget(self, request, rows):
        """Asks first, with what would be forgotten of whom."""
        chosen = list(rows.exclude(user=None).values_list("pk", flat=True))
        people = User.objects.filter(progress__in=chosen).distinct().order_by("username")
        if "sure" in request.POST:
            counts = [sum(forget_person(person).values()) for person in people]
            self.message_user(request, f"Forgot {len(counts)} people in {sum(counts)} rows.")
            return None
        context = {
            **self.admin_site.each_context(request),
            "title": "Forget what guides keep about these people?",
            "opts": self.opts,
            "chosen": chosen,
            "people": [(person, forget_person(person, dry_run=True)) for person in people],
        }
        return TemplateResponse(request, "admin/onboarding/progress/forget.html", context)


@admin.register(QuestionFeedback)
class QuestionFeedbackAdmin(ReadOnly):
    """Without names: authors learn what to mend, not who said it."""

    list_display = ("question", "helped", "reason", "at")
    list_filter = ("helped", "at")
    list_select_related = ("question",)
    search_fields = ("question__question", "reason")
    fields = ("question", "helped", "reason", "at")
