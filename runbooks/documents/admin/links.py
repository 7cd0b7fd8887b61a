"""Where the texts of runbooks lead: to read, not to change."""

from django.contrib import admin

from portal.core.web.cells import shown
from portal.core.web.read_only import ReadOnly
from runbooks.documents.status import BROKEN
from runbooks.models import Link


@admin.register(Link)
class LinkAdmin(ReadOnly):
    list_display = ("address", "source", "line", "target", "state")
    list_filter = ("broken",)
    list_select_related = ("source", "target")
    search_fields = ("address", "source__title")
    fields = ("source", "line", "address", "anchor", "text", "target", "state")

    @admin.display(description="state", ordering="broken")
    def state(self, link):
        return shown(BROKEN if link.broken else None)
