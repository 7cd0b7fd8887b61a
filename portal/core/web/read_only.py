"""Rows that the admin shows and never changes."""

from collections.abc import Callable, Iterable
from typing import Any

from django.contrib import admin, messages
from django.utils.html import format_html

from portal.core.problems import DomainError
from portal.core.web.narrow import Narrow


class ReadOnly(Narrow, admin.ModelAdmin):
    """A list and a page to read; whoever may view the model may see them."""

    actions: tuple[str, ...] | None = None
    list_per_page = 50
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


class WithPage(ReadOnly):
    """Rows that have a page of their own, where their verbs are."""

    @admin.display(description="page")
    def on_page(self, row):
        return format_html('<a href="{}">Open its page</a>', row.get_absolute_url())


def each(request, rows: Iterable, act: Callable[[Any], Any], done: str) -> None:
    """For an action: do it to each of the chosen rows, and say what was refused."""
    count = 0
    for row in list(rows):
        name = str(row)
        try:
            act(row)
        except DomainError as refusal:
            messages.warning(request, f"{name}: {refusal.detail}")
        else:
            count += 1
    messages.success(request, f"{done}: {count}.")
