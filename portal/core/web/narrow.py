"""Lists of the admin that answer what their own filters ask, and nothing else."""

from typing import Any

from django.apps import apps
from django.contrib import admin
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.utils.text import capfirst

from .keys import Keyed

OF_A_FIELD = ("", "__exact", "__gte", "__lt", "__isnull", "__isempty")


OF_A_DATE = ("__year", "__month", "__day")


class Choosing(Keyed):
    """For classes of the admin: a form chooses rows, and deletes them nowhere."""

    def formfield_for_dbfield(self, db_field, request, **more):
        field = super().formfield_for_dbfield(db_field, request, **more)
        widget = field.widget if field else None
        if isinstance(widget, RelatedFieldWidgetWrapper):
            widget.can_delete_related = widget.can_view_related = False
        if field and db_field.name == "slug":
            field.label = "Address"
        return field


class Narrow(Choosing):
    """For the classes of the admin. Stock Django takes any lookup on any field from the address:
    a pattern that keeps a worker busy for ever, or one that the database cannot do. Their forms
    choose rows by what can be a key only.
    """

    def render_change_form(self, request, context, *arguments, **named):
        context["adminform"].form.label_suffix = ""  # labels stand above their fields
        return super().render_change_form(request, context, *arguments, **named)

    @admin.display(description="address", ordering="slug")
    def web_address(self, row):
        return row.slug

    def get_deleted_objects(self, rows, request):
        """Without the rows that only join two others: they say nothing to people."""
        deleted, *more = super().get_deleted_objects(rows, request)
        return _without_joins(deleted), *more

    def lookup_allowed(self, lookup, value, request=None):
        if lookup in {f"{self.date_hierarchy}{part}" for part in OF_A_DATE}:
            return value.isdecimal() and len(value) <= 4
        return any(lookup in _lookups(each) for each in self.get_list_filter(request))


def _without_joins(deleted: list) -> list:
    joins = (each for each in apps.get_models(include_auto_created=True) if each._meta.auto_created)
    names = tuple(f"{capfirst(each._meta.verbose_name)}: " for each in joins)
    kept = [each for each in deleted if isinstance(each, list) or not each.startswith(names)]
    return [_without_joins(each) if isinstance(each, list) else each for each in kept if each]


def _lookups(list_filter: Any) -> set[str]:
    """The parameters with which a filter stands in the address."""
    if isinstance(list_filter, type) and issubclass(list_filter, admin.SimpleListFilter):
        return {str(list_filter.parameter_name)}
    field = list_filter if isinstance(list_filter, str) else list_filter[0]
    return {field + kind for kind in OF_A_FIELD}
