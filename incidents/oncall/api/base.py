"""What all views of the on-call room share."""

from incidents.models import Rotation
from portal.accounts.api.idempotency import Idempotent
from portal.core.api.answers import AnsweringView

READ = "incidents.view_rotation"


class OnCallView(Idempotent, AnsweringView):
    area = "incidents"
    permissions = {"GET": READ}

    def rotation(self, slug: str) -> Rotation:
        return self.found(Rotation.objects.visible(self.request.user), slug=slug)

    def locked(self, slug: str) -> Rotation:
        """The same, as it stays until the transaction ends: If-Match holds while it is changed."""
        rows = Rotation.objects.select_for_update(of=("self",)).visible(self.request.user)
        return self.found(rows, slug=slug)
