"""The sections."""

from django.db.models import Count
from drf_spectacular.utils import extend_schema

from portal.core.api.parameters import PAGED, page_of
from runbooks.documents import serializers
from runbooks.models import Runbook, Section

from .base import RunbooksView


class Sections(RunbooksView):
    permissions = {"GET": "runbooks.view_runbook"}

    @extend_schema(
        operation_id="sections_list",
        parameters=PAGED,
        responses=page_of(serializers.SectionSerializer),
    )
    def get(self, request):
        """The six sections and how many current runbooks you may see in each."""
        rows = Runbook.objects.visible(request.user).current().order_by().values("section")
        counts = dict(rows.annotate(count=Count("pk")).values_list("section", "count"))
        found = [
            {"slug": section.value, "name": section.label, "runbooks": counts.get(section, 0)}
            for section in Section
        ]
        return self.computed(found, "sections")
