from django.contrib import admin

from portal.core.admin import Narrow

from .forms import ServiceForm
from .models import Service


@admin.register(Service)
class ServiceAdmin(Narrow, admin.ModelAdmin):
    list_display = ("name", "slug", "owner", "tier")
    list_filter = ("tier",)
    list_select_related = ("owner",)
    list_per_page = 50
    search_fields = ("name", "slug", "owner__name")
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    form = ServiceForm
    prepopulated_fields = {"slug": ("name",)}
