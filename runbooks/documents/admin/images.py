"""The pictures of runbooks and runs."""

from django.contrib import admin
from django.utils.html import format_html

from portal.core.web.narrow import Narrow
from runbooks.models import Image


@admin.register(Image)
class ImageAdmin(Narrow, admin.ModelAdmin):
    list_display = ("picture", "alt", "runbook", "size", "uploaded_by", "created_at")
    list_display_links = ("picture", "alt")
    list_select_related = ("runbook", "uploaded_by")
    list_filter = ("created_at",)
    search_fields = ("alt", "name", "runbook__title")
    list_per_page = 50
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    actions = None
    fields = (
        "picture",
        "alt",
        "address",
        "runbook",
        "size",
        "uploaded_by",
        "created_at",
    )
    readonly_fields = (
        "picture",
        "address",
        "runbook",
        "size",
        "uploaded_by",
        "created_at",
    )

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    @admin.display(description="picture")
    def picture(self, image):
        return format_html(
            '<img class="thumbnail" src="{}" alt="{}" loading="lazy">',
            image.get_absolute_url(),
            image.alt or "without a description",
        )

    @admin.display(description="address")
    def address(self, image):
        return image.get_absolute_url()

    @admin.display(description="size")
    def size(self, image):
        return f"{image.width} × {image.height}"
