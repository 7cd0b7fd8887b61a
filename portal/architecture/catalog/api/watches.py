"""Watching a service."""

from typing import ClassVar

from portal.architecture.models import Service
from portal.notifications.watches.api import Watching

from .base import CatalogView


class WatchService(Watching, CatalogView):
    permissions: ClassVar[dict[str, str]] = {"POST": "architecture.view_service"}
    operation = "services_{}"

    def thing(self, slug):
        return self.found(Service.objects.visible(self.request.user), slug=slug)
