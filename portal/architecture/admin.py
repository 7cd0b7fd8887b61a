from django.contrib import admin
from django.core.exceptions import ValidationError
from django.forms.models import BaseInlineFormSet
from django.forms.utils import pretty_name
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import urlencode

from portal.architecture.catalog.forms import (
    ConfigurationItemForm,
    DependencyForm,
    IntegrationForm,
    ServiceForm,
)
from portal.core.web.desk import Line, Part
from portal.core.web.keys import KeySelect
from portal.core.web.narrow import Choosing, Narrow

from . import notices
from .files import remove
from .models import ConfigurationItem, Dependency, Integration, Service, Zone

ROWS = 40  # of each part of a service in one form: Django reads at most 1,000 fields of a form


class Catalog(Narrow, admin.ModelAdmin):
    """What the lists of the catalog have in common: nothing is counted that nobody asked for."""

    list_per_page = 50
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER


class OfService(admin.SimpleListFilter):
    """The rows of one service; offered only where its page led here, never as a list of all."""

    title = "service"
    parameter_name = "service"
    field = "service"

    def lookups(self, request, model_admin):
        found = Service.objects.filter(slug=self.value() or "").first()
        return [(found.slug, found.name)] if found else []

    def value(self):
        return str(super().value() or "").replace("\x00", "")

    def queryset(self, request, queryset):
        slug = self.value()
        return queryset.filter(**{f"{self.field}__slug": slug}) if slug else queryset


class OfSource(OfService):
    field = "source"


class Chosen(KeySelect):
    """Shows the row that came with the form; stock Django asks the database for each again."""

    row = None

    def optgroups(self, name, value, attr=None):
        if self.row is None or [str(self.row.pk)] != [str(each) for each in value]:
            return super().optgroups(name, value, attr)
        options = [("", "", False), (self.row.pk, str(self.row), True)]
        made = [self.create_option(name, *each, at) for at, each in enumerate(options)]
        return [(None, made, 0)]


class NeedForm(DependencyForm):
    def __init__(self, *args, **more):
        super().__init__(*args, **more)
        for name in ("target", "integration"):
            widget = self.fields[name].widget
            getattr(widget, "widget", widget).row = getattr(self.instance, name)


class FirstRows(BaseInlineFormSet):
    """No more than a form can hold; the others are in their own list."""

    def add_fields(self, form, index):
        """Each cell is named: the heading of its column is seen, but not heard."""
        super().add_fields(form, index)
        for name, field in form.fields.items():
            widget = getattr(field.widget, "widget", field.widget)
            widget.attrs["aria-label"] = field.label or pretty_name(name)

    def get_queryset(self):
        if not hasattr(self, "_queryset"):  # kept by Django from the first call on
            self._queryset = super().get_queryset()[:ROWS]
        return self._queryset


class NeededOnce(FirstRows):
    """Of two new rows that say the same neither is in the database yet: compared here."""

    def clean(self):
        super().clean()
        kept = [form for form in self.forms if form.has_changed() or form.instance.pk]
        rows = [form.instance for form in kept if not form.cleaned_data.get("DELETE")]
        if len({row.identity for row in rows}) < len(rows):
            raise ValidationError("Twice the same: a need, protocol and port stand only once.")


class Needs(Choosing, admin.TabularInline):
    model = Dependency
    fk_name = "source"
    form = NeedForm
    formset = NeededOnce
    extra = 0

    def get_queryset(self, request):
        rows = super().get_queryset(request)
        return rows.select_related("source", "target", "integration").order_by("pk")

    def formfield_for_foreignkey(self, db_field, request, **more):
        if db_field.name in ("target", "integration"):
            more["widget"] = Chosen(db_field, self.admin_site)
        return super().formfield_for_foreignkey(db_field, request, **more)


class Configuration(Choosing, admin.TabularInline):
    model = ConfigurationItem
    form = ConfigurationItemForm
    formset = FirstRows
    extra = 0
    ordering = ("name", "pk")


def _has_more(service) -> bool:
    """Whether it has more rows of a kind than its form shows."""
    parts = (service.dependencies, service.configuration)
    return any(part.all()[ROWS : ROWS + 1].exists() for part in parts)


@admin.register(Service)
class ServiceAdmin(Catalog):
    list_display = ("name", "web_address", "kind", "owner", "zone", "tier")
    list_filter = ("tier", "kind")
    list_select_related = ("owner", "zone")
    search_fields = ("name", "slug", "owner__name")
    form = ServiceForm
    prepopulated_fields = {"slug": ("name",)}
    autocomplete_fields = ("owner", "zone", "part_of")
    readonly_fields = ("everything",)
    inlines = (Needs, Configuration)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        if change and any(each.has_changed() for each in (form, *formsets)):
            notices.changed(form.instance, by=request.user)

    def delete_model(self, request, obj):
        remove(obj, by=request.user)

    def delete_queryset(self, request, queryset):
        for service in queryset:
            remove(service, by=request.user)

    def get_fields(self, request, obj=None):
        fields = super().get_fields(request, obj)
        return fields if obj and _has_more(obj) else [n for n in fields if n != "everything"]

    @admin.display(description=f"More than {ROWS}")
    def everything(self, service):
        """Where the rows are that this form has no room for."""
        query = urlencode({"service": service.slug})
        return format_html(
            '<a href="{}?{}">All dependencies</a>, <a href="{}?{}">all configuration</a>',
            reverse("admin:architecture_dependency_changelist"),
            query,
            reverse("admin:architecture_configurationitem_changelist"),
            query,
        )


@admin.register(Zone)
class ZoneAdmin(Catalog):
    list_display = ("name", "web_address", "ranges")
    search_fields = ("name", "slug", "ranges")
    prepopulated_fields = {"slug": ("name",)}


@admin.register(Integration)
class IntegrationAdmin(Catalog):
    list_display = ("name", "web_address", "provider", "direction", "owner")
    form = IntegrationForm
    list_filter = ("direction",)
    list_select_related = ("owner",)
    search_fields = ("name", "slug", "provider")
    prepopulated_fields = {"slug": ("name",)}
    autocomplete_fields = ("owner",)


class PartOfService(Catalog):
    """Rows of a service in a list of their own: a change of one is a change of the service."""

    service = "service"

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        if form.has_changed():
            self.tell(request, obj)

    def delete_model(self, request, obj):
        super().delete_model(request, obj)
        self.tell(request, obj)

    def delete_queryset(self, request, queryset):
        rows = list(queryset.select_related(self.service))
        super().delete_queryset(request, queryset)
        for service in {getattr(row, self.service) for row in rows}:
            notices.changed(service, by=request.user)

    def tell(self, request, row) -> None:
        notices.changed(getattr(row, self.service), by=request.user)


@admin.register(Dependency)
class DependencyAdmin(PartOfService):
    service = "source"
    list_display = ("source", "end", "hard", "protocol", "port", "classification")
    list_filter = ("hard", "classification", OfSource)
    list_select_related = ("source", "target", "integration")
    search_fields = ("source__name", "target__name", "integration__name", "protocol", "data")
    autocomplete_fields = ("source", "target", "integration")


@admin.register(ConfigurationItem)
class ConfigurationItemAdmin(PartOfService):
    list_display = ("name", "service", "kind", "required", "rotation_due")
    list_filter = ("kind", "required", OfService)
    list_select_related = ("service",)
    search_fields = ("name", "service__name", "purpose")
    autocomplete_fields = ("service",)


DESK = (
    Line(
        Part.CATALOG,
        10,
        "Services",
        "What runs, who owns it, what it needs",
        "services",
        "architecture.service",
        "New service",
        rail=("Catalog", "list"),
        below=(
            *("architecture.integration", "architecture.zone", "architecture.dependency"),
            "architecture.configurationitem",
        ),
    ),
    Line(
        Part.CATALOG,
        20,
        "Integrations",
        "What others provide, and in which direction data flows",
        "link",
        "architecture.integration",
        "New integration",
    ),
    Line(
        Part.CATALOG,
        30,
        "Zones",
        "Networks and the ranges in them",
        "shield",
        "architecture.zone",
        "New zone",
    ),
)
