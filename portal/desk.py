"""The administration as a place of work: what people do there, and what waits for somebody."""

from django.contrib.admin import AdminSite
from django.contrib.admin.apps import AdminConfig
from django.utils.safestring import SafeString

from portal.core.web.desk import desk


class PortalAdmin(AdminSite):
    """Its index is a loop over what the apps have in `DESK`."""

    index_title = "Administration"
    enable_nav_sidebar = False
    empty_value_display = SafeString('<span class="nil">–</span>')  # left out on phones

    def index(self, request, extra_context=None):
        return super().index(request, {**(extra_context or {}), "desk": desk(request.user)})


class PortalAdminConfig(AdminConfig):
    default_site = "portal.desk.PortalAdmin"
