"""Who is asked what, and how far people are: to read; verbs stand on the pages."""

from django.contrib import admin
from django.template.response import TemplateResponse

from onboarding.guides.status import BEGUN, COMPLETED, WITHDRAWN
from onboarding.models import Assignment, Progress
from onboarding.privacy.erasure import forget_person
from portal.accounts.models import User
from portal.core.web.cells import shown
from portal.core.web.read_only import ReadOnly, WithPage

HEAVY = ("version__content",)


@admin.register(Assignment)
class AssignmentAdmin(WithPage):
    list_display = ("guide", "user", "team", "everybody_new", "due_on", "due_days", "state")
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

    @admin.display(description="state", ordering="withdrawn_at")
    def state(self, assignment):
        return shown(WITHDRAWN if assignment.withdrawn_at else None)


@admin.register(Progress)
class ProgressAdmin(ReadOnly):
    actions = ("forget",)
    list_display = ("guide", "number", "user", "state", "started_at", "seen_at")
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

    @admin.display(description="state", ordering="completed_at")
    def state(self, progress):
        return shown(COMPLETED if progress.completed_at else BEGUN)

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
