"""Rows that the admin shows and never changes."""

from django.contrib import admin

from portal.core.admin import Narrow


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
