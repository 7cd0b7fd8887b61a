from django.http import Http404

from runbooks.documents.api.base import RunbooksView
from runbooks.models import Run
from runbooks.runs.page import filled_steps
from runbooks.runs.serializers import RunSerializer

OF_ONE = {  # members that lists do not have
    "taken_back_by": lambda run: list(run.rollbacks.recent().values_list("pk", flat=True)),
    "steps": filled_steps,
}


class RunsView(RunbooksView):
    """A view about one run."""

    permissions = {"GET": "runbooks.view_run", "POST": "runbooks.change_run"}

    def run(self, pk: int) -> Run:
        rows = Run.objects.visible(self.request.user).select_related("runbook", "version")
        found = rows.filter(pk=pk).first()
        if found is None:
            raise Http404
        return found


def detail_of(run: Run, names: tuple[str, ...] = RunSerializer.names()) -> dict:
    """The run with its steps, their texts and commands with the values in place."""
    found = RunSerializer.all(Run.objects.filter(pk=run.pk), names)[0]
    made = found | {name: OF_ONE[name](run) for name in names if name in OF_ONE}
    return {name: made[name] for name in names}
