from django.contrib import admin

from portal.core.admin import Narrow

from .forms import ConfigurationItemForm, DependencyForm, IntegrationForm, ServiceForm
from .models import ConfigurationItem, Dependency, Integration, Service, Zone


class Catalog(Narrow, admin.ModelAdmin):
    """What the lists of the catalog have in common: nothing is counted that nobody asked for."""

    list_per_page = 50
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER


class Needs(admin.TabularInline):
    model = Dependency
    fk_name = "source"
    form = DependencyForm
    extra = 0
    autocomplete_fields = ("target", "integration")


class Configuration(admin.TabularInline):
    model = ConfigurationItem
    form = ConfigurationItemForm
    extra = 0


@admin.register(Service)
class ServiceAdmin(Catalog):
    list_display = ("name", "slug", "kind", "owner", "zone", "tier")
    list_filter = ("tier", "kind")
    list_select_related = ("owner", "zone")
    search_fields = ("name", "slug", "owner__name")
    form = ServiceForm
    prepopulated_fields = {"slug": ("name",)}
    autocomplete_fields = ("owner", "zone", "part_of")
    inlines = (Needs, Configuration)


@admin.register(Zone)
class ZoneAdmin(Catalog):
    list_display = ("name", "slug", "ranges")
    search_fields = ("name", "slug", "ranges")
    prepopulated_fields = {"slug": ("name",)}


@admin.register(Integration)
class IntegrationAdmin(Catalog):
    list_display = ("name", "slug", "provider", "direction", "owner")
    form = IntegrationForm
    list_filter = ("direction",)
    list_select_related = ("owner",)
    search_fields = ("name", "slug", "provider")
    prepopulated_fields = {"slug": ("name",)}
    autocomplete_fields = ("owner",)


@admin.register(Dependency)
class DependencyAdmin(Catalog):
    list_display = ("source", "end", "hard", "protocol", "port", "classification")
    list_filter = ("hard", "classification")
    list_select_related = ("source", "target", "integration")
    search_fields = ("source__name", "target__name", "integration__name", "protocol", "data")
    autocomplete_fields = ("source", "target", "integration")


@admin.register(ConfigurationItem)
class ConfigurationItemAdmin(Catalog):
    list_display = ("name", "service", "kind", "required", "rotation_due")
    list_filter = ("kind", "required")
    list_select_related = ("service",)
    search_fields = ("name", "service__name", "purpose")
    autocomplete_fields = ("service",)
