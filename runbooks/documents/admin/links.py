"""Where the texts of runbooks lead: to read, not to change."""

from django.contrib import admin

from portal.core.web.read_only import ReadOnly
from runbooks.models import Link


@admin.register(Link)
class LinkAdmin(ReadOnly):
    list_display = ("address", "source", "line", "target", "broken")
    list_filter = ("broken",)
    list_select_related = ("source", "target")
    search_fields = ("address", "source__title")
    fields = ("source", "line", "address", "anchor", "text", "target", "broken")
