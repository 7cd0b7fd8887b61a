"""How the list of runbooks is narrowed, without a filter that grows with the data."""

from django.contrib import admin
from django.utils import timezone

from runbooks.models import Lesson, State


class StandingFilter(admin.SimpleListFilter):
    title = "state"
    parameter_name = "standing"

    def lookups(self, request, model_admin):
        return (
            (State.DRAFT, "Draft"),
            (State.IN_REVIEW, "In review"),
            (State.PUBLISHED, "Published"),
            ("archived", "Archived"),
        )

    def queryset(self, request, queryset):
        value = self.value()
        if value in (State.DRAFT, State.IN_REVIEW):
            return queryset.filter(open_state=value)
        if value == State.PUBLISHED:
            return queryset.current().published()
        return queryset.archived() if value == "archived" else queryset


class AttentionFilter(admin.SimpleListFilter):
    title = "attention"
    parameter_name = "attention"

    def lookups(self, request, model_admin):
        return (
            ("mine", "Of my teams"),
            ("stale", "Review overdue"),
            ("unowned", "No owner"),
        )

    def queryset(self, request, queryset):
        questions = {
            "mine": lambda: queryset.owned_by(request.user),
            "stale": lambda: queryset.stale(on=timezone.localdate()),
            "unowned": queryset.unowned,
        }
        return questions.get(self.value(), queryset.all)()


class LastRunFilter(admin.SimpleListFilter):
    title = "last run"
    parameter_name = "last_run"

    def lookups(self, request, model_admin):
        return Lesson.choices

    def queryset(self, request, queryset):
        lesson = self.value()
        if lesson not in Lesson.values:
            return queryset
        return queryset.current().taught(lesson, on=timezone.localdate())
