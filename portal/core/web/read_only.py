"""Rows that the admin shows and never changes."""

from django.contrib import admin
from django.utils.html import format_html

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
